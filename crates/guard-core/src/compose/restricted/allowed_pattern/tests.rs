use proptest::prelude::*;

use super::*;

fn characters(pattern: &str) -> String {
    let shape = AllowedPattern::parse(pattern).unwrap().shape();
    shape.characters.to_string()
}

#[test]
fn the_characters_of_a_pattern_are_known() {
    for (pattern, expected) in [
        ("^abc$", "a b c"),
        ("^[a-c_.-]+$", "- . _ a b c"),
        ("^[0-3-_/]+(x|yz)?$", "- / 0 1 2 3 _ x y z"),
        (r"^\d{1,4}$", "0 1 2 3 4 5 6 7 8 9"),
        (r"^a\.log$", ". a g l o"),
        (r"^(?:a|b(c|d))\-{2,}$", "- a b c d"),
        (r"^[\]\\^]$", "\\\\ ] ^"),
        ("^a b$", "blank a b"),
        ("^$", ""),
        (r"^x\$$", "$ x"),
    ] {
        assert_eq!(characters(pattern), expected, "{pattern}");
    }
}

#[test]
fn what_lets_anything_through_is_known_to() {
    for pattern in [
        "^.$",
        "^[^;]$",
        r"^\S+$",
        r"^\W$",
        r"^\D?$",
        "^[a-z](.log)$",
        "^[а-я]$",
        "^é$",
    ] {
        let shape = AllowedPattern::parse(pattern).unwrap().shape();
        assert!(shape.characters.goes_beyond_ascii(), "{pattern}");
    }
    let blanks = AllowedPattern::parse(r"^[a-z\s]+$").unwrap().shape();
    assert!(blanks.characters.has_control());
}

#[test]
fn beginnings_and_the_empty_text_are_known() {
    for (pattern, first, may_be_empty) in [
        ("^[a-b]+$", "a b", false),
        ("^a?[b-c]$", "a b c", false),
        ("^a*b*$", "a b", true),
        ("^(a|b?)c{0,3}$", "a b c", true),
        ("^(-|x)y$", "- x", false),
        ("^a{0}b$", "a b", false),
        ("^$", "", true),
    ] {
        let shape = AllowedPattern::parse(pattern).unwrap().shape();
        assert_eq!(shape.first.to_string(), first, "{pattern}");
        assert_eq!(shape.may_be_empty, may_be_empty, "{pattern}");
    }
}

#[test]
fn patterns_that_protect_nothing_or_are_read_in_two_ways_are_refused() {
    use PatternError as E;
    for pattern in ["", "[a-z]+", "^[a-z]+", "[a-z]+$", r"^[a-z]+\$", "$^"] {
        assert_eq!(
            AllowedPattern::parse(pattern),
            Err(E::Unanchored),
            "{pattern}"
        );
    }
    assert_eq!(AllowedPattern::parse("^a|b$"), Err(E::Unbracketed));
    for pattern in [
        "^a$|^b$",
        "^(?i)a$",
        "^(?=a)b$",
        "^(?!a)b$",
        r"^(a)\1$",
        r"^\p{L}$",
        r"^\Qa\E$",
        r"^\x41$",
        r"^\bA$",
        "^[a-z&&[^b]]$",
        "^[[:alpha:]]$",
        "^[]a]$",
        "^[]$",
        "^a**$",
        "^a{1}{2}$",
        "^a$b$",
        r"^[a-\d]$",
    ] {
        let found = AllowedPattern::parse(pattern).unwrap_err();
        let is_refused = matches!(found, E::Unclear { .. } | E::Unbracketed);
        assert!(is_refused, "{pattern}: {found:?}");
    }
    for pattern in [
        "^(a$", "^a)$", "^[a$", "^*a$", "^a{$", "^a{x}$", "^[z-a]$", "^{2}$", "^a{,2}$",
    ] {
        let found = AllowedPattern::parse(pattern).unwrap_err();
        assert!(matches!(found, E::Syntax { .. }), "{pattern}: {found:?}");
    }
}

#[test]
fn brackets_too_deep_for_the_stack_are_refused() {
    let pattern = format!("^{}a{}$", "(".repeat(100_000), ")".repeat(100_000));
    assert!(AllowedPattern::parse(&pattern).is_err());
}

/// A pattern, and a text that it matches, made side by side.
fn pattern_and_text() -> impl Strategy<Value = (String, String)> {
    let atom = prop_oneof![
        "[a-z0-9]".prop_map(|it| (it.clone(), it)),
        prop::sample::select(vec![";", "$", " ", "'", "-", ".", "/"])
            .prop_map(|it| (format!("\\{it}"), it.to_owned())),
        (b'a'..b'y', 1_u8..3).prop_map(|(from, more)| {
            let to = char::from(from + more);
            (format!("[{}-{to}_]", char::from(from)), to.to_string())
        }),
    ];
    atom.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| {
                let pattern = parts.iter().map(|it| it.0.as_str()).collect();
                (pattern, parts.iter().map(|it| it.1.as_str()).collect())
            }),
            (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(one, other, is_first)| {
                let text = if is_first { one.1 } else { other.1 };
                (format!("({}|{})", one.0, other.0), text)
            }),
            (inner, 0_usize..3).prop_map(|((pattern, text), times)| {
                (format!("({pattern})*"), text.repeat(times))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = AllowedPattern::parse(&text);
        let _ = AllowedPattern::parse(&format!("^{text}$"));
    }

    /// Whatever matches holds none but the characters that are known, and begins with one of the known beginnings.
    #[test]
    fn no_text_that_matches_surprises((pattern, text) in pattern_and_text()) {
        let shape = AllowedPattern::parse(&format!("^{pattern}$")).unwrap().shape();
        for character in text.chars() {
            prop_assert!(shape.characters.has(character), "{} in {}", character, pattern);
        }
        match text.chars().next() {
            Some(first) => prop_assert!(shape.first.has(first), "{} begins {}", first, pattern),
            None => prop_assert!(shape.may_be_empty, "{}", pattern),
        }
    }
}
