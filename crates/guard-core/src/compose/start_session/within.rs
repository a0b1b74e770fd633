//! Whether one pattern with wildcards matches nothing that another does not.

/// Whether everything that `narrow` matches is matched by `wide`. A no may be wrong where several of the wide pattern's
/// wildcards meet; a yes is always right.
pub(super) fn is_within(narrow: &str, wide: &str) -> bool {
    let narrow: Vec<char> = narrow.chars().collect();
    // For each beginning of the wide pattern: which beginnings of the narrow one lie within it.
    let mut row: Vec<bool> = vec![false; narrow.len() + 1];
    if let Some(first) = row.first_mut() {
        *first = true;
    }
    for token in wide.chars() {
        row = step(&row, token, &narrow);
    }
    row.last().copied().unwrap_or_default()
}

fn step(row: &[bool], token: char, narrow: &[char]) -> Vec<bool> {
    let is_run = token == '*';
    let mut next = vec![is_run && row.first().copied().unwrap_or_default()];
    for (pair, character) in row.windows(2).zip(narrow) {
        let (before, here) = match pair {
            [before, here] => (*before, *here),
            _ => (false, false),
        };
        let is_reached = match token {
            // A run takes anything, runs of the narrow pattern included.
            '*' => here || next.last().copied().unwrap_or_default(),
            '?' => before && *character != '*',
            // A wildcard of the narrow pattern is more than the character that it looks like.
            literal => before && *character == literal && !matches!(character, '?' | '*'),
        };
        next.push(is_reached);
    }
    next
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::Glob;

    #[test]
    fn what_is_narrower_is_within_what_is_wider() {
        for (narrow, wide) in [
            ("web", "web"),
            ("web", "w*"),
            ("w*", "w*"),
            ("we*b", "w*"),
            ("w?b", "w*"),
            ("w?b", "w?b"),
            ("", "*"),
            ("*", "*"),
            ("a*c", "*"),
            ("batch-7", "batch-*"),
            ("ab", "**b"),
        ] {
            assert!(is_within(narrow, wide), "{narrow} {wide}");
        }
        for (narrow, wide) in [
            ("w*", "web"),
            ("*", "w*"),
            ("w*", "w?b"),
            ("web", "w?"),
            ("?", "w"),
            ("Web", "web"),
            ("batch", "batch-*"),
            ("*", "?"),
            ("*", ""),
        ] {
            assert!(!is_within(narrow, wide), "{narrow} {wide}");
        }
    }

    proptest! {
        #[test]
        fn a_yes_is_always_right(narrow in "[ab*?]{0,5}", wide in "[ab*?]{0,5}", text in "[ab]{0,6}") {
            if is_within(&narrow, &wide) && Glob::new(&narrow).matches(&text) {
                prop_assert!(Glob::new(&wide).matches(&text));
            }
        }
    }
}
