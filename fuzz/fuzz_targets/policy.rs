//! Any bytes are a policy that is kept whole, or an error that says where.

#![no_main]

use guard_core::policy::PolicyDocument;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match PolicyDocument::read(text) {
        Ok(document) => {
            let written = document.to_value();
            let again = PolicyDocument::from_value(&written).expect("what was written can be read");
            assert_eq!(again, document);
            assert_eq!(again.to_value(), written);
        }
        Err(error) => {
            let told = error.to_string();
            assert!(!told.is_empty() && !told.contains(char::is_control), "{told:?}");
        }
    }
});
