//! Texts with `*` for any run of characters and `?` for one.

/// A text with wildcards, looked at once so that most comparisons are plain ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Glob {
    text: Box<str>,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shape {
    /// `*` alone.
    Anything,
    /// No wildcard.
    Exact,
    /// One `*`, at the end.
    Prefix,
    /// Anything else.
    General,
}

impl Glob {
    /// The pattern that `text` is.
    pub fn new(text: &str) -> Self {
        Self {
            shape: Shape::of(text),
            text: text.into(),
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole of `text` is what the pattern says.
    pub fn matches(&self, text: &str) -> bool {
        let pattern = self.text.as_bytes();
        match self.shape {
            Shape::Anything => true,
            Shape::Exact => *self.text == *text,
            Shape::Prefix => pattern
                .split_last()
                .is_some_and(|(_, prefix)| text.as_bytes().starts_with(prefix)),
            Shape::General => matches(pattern, text.as_bytes(), |one, other| one == other),
        }
    }

    /// The same, where ASCII letters are the same in either case.
    pub fn matches_in_any_case(&self, text: &str) -> bool {
        let pattern = self.text.as_bytes();
        match self.shape {
            Shape::Anything => true,
            Shape::Exact => self.text.eq_ignore_ascii_case(text),
            Shape::Prefix => pattern.split_last().is_some_and(|(_, prefix)| {
                let start = text.as_bytes().get(..prefix.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            }),
            Shape::General => matches(pattern, text.as_bytes(), |one, other| {
                one.eq_ignore_ascii_case(&other)
            }),
        }
    }
}

impl Shape {
    fn of(text: &str) -> Self {
        let wildcard = |byte: &u8| matches!(byte, b'*' | b'?');
        let last = text.len().saturating_sub(1);
        match text.as_bytes().iter().position(wildcard) {
            None => Self::Exact,
            Some(0) if text == "*" => Self::Anything,
            Some(at) if at == last && text.ends_with('*') => Self::Prefix,
            Some(_) => Self::General,
        }
    }
}

/// One element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// This byte.
    Byte(u8),
    /// One character, whatever its length in UTF-8.
    One,
    /// Any run of characters, none too.
    Run,
}

/// A byte of a pattern as people write it.
impl From<u8> for Token {
    fn from(byte: u8) -> Self {
        match byte {
            b'*' => Self::Run,
            b'?' => Self::One,
            byte => Self::Byte(byte),
        }
    }
}

/// Whether the whole of `text` is what `pattern` says. Where a run has to grow, only the last one need be tried again, so
/// the work is at most the length of the pattern and the square of that of the text.
pub(crate) fn matches<T>(pattern: &[T], text: &[u8], same: impl Fn(u8, u8) -> bool) -> bool
where
    T: Copy + Into<Token>,
{
    let (mut at, mut read) = (0, 0);
    let mut last_run = None;
    loop {
        let token = pattern.get(at).map(|token| (*token).into());
        match (token, text.get(read)) {
            (Some(Token::Run), _) if at + 1 == pattern.len() => return true,
            (Some(Token::Run), _) => {
                at += 1;
                last_run = Some((at, read));
            }
            (Some(Token::One), Some(_)) => {
                at += 1;
                read = after_character(text, read);
            }
            (Some(Token::Byte(wanted)), Some(found)) if same(wanted, *found) => {
                at += 1;
                read += 1;
            }
            (None, None) => return true,
            // The text is too short for what follows the last run, and would only be shorter from further on.
            (Some(Token::One | Token::Byte(_)), None) => return false,
            (Some(Token::Byte(_)) | None, Some(_)) => {
                let Some((after_run, from)) = last_run else {
                    return false;
                };
                at = after_run;
                read = after_character(text, from);
                last_run = Some((at, read));
            }
        }
    }
}

/// Where the character ends that begins at `at`.
fn after_character(text: &[u8], at: usize) -> usize {
    let rest = text.get(at + 1..).unwrap_or_default();
    let follows = rest.iter().take_while(|byte| (**byte & 0xC0) == 0x80);
    at + 1 + follows.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let glob = Glob::new(pattern);
        for text in yes {
            assert!(glob.matches(text), "{pattern} {text}");
            assert!(
                glob.matches_in_any_case(&text.to_ascii_uppercase()),
                "{pattern} {text}"
            );
        }
        for text in no {
            assert!(!glob.matches(text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_matches_the_whole_text() {
        check("", &[""], &["a"]);
        check("ab", &["ab"], &["a", "abc", "AB", ""]);
        check("*", &["", "a", "a:b/c"], &[]);
        check("a*", &["a", "ab"], &["b", "", "ba"]);
        check("a?", &["ab", "aü"], &["a", "abc", "aüü"]);
        check("?", &["a", "ü", "€", "𝄞"], &["", "ab"]);
        check("*b", &["b", "ab", "bb"], &["a", "ba"]);
        check("a*b*c", &["abc", "axbxc", "abbcc"], &["acb", "abcx"]);
        check("**", &["", "ab"], &[]);
        check("*?", &["a", "üü"], &[""]);
        check("*ü?", &["üa", "xüü"], &["ü", "xü"]);
        check("a*a*a*a*b", &["aaaab"], &["aaaaaaaaaaaaaaaaaaaaaaaa"]);
    }

    #[test]
    fn only_ascii_letters_are_the_same_in_either_case() {
        assert!(Glob::new("SSM:start*").matches_in_any_case("ssm:StartSession"));
        assert!(!Glob::new("ü").matches_in_any_case("Ü"));
    }
}
