//! Any line is answered with a decision or an error, as one line of JSON.

#![no_main]

use guard_core::simulate::answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(line) = std::str::from_utf8(bytes) else {
        return;
    };
    // Whoever reads lines never meets one with an end of line in it.
    if line.contains(['\n', '\r']) {
        return;
    }
    let answer = serde_json::to_string(&answer(line, 1)).expect("an answer is JSON");
    assert!(!answer.contains('\n'), "{answer}");
});
