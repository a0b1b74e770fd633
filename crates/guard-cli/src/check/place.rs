//! Where a field stands in a file, for people who want to go there.

use guard_core::charter::Position;

/// The place of the last key of `path`, or of the nearest key above it that stands in `text`; `None` for neither.
///
/// Each key is looked for behind the one above it, as JSON, YAML and TOML write keys. That is enough to point at a
/// place and would not be enough to read a value.
pub(super) fn of(text: &str, path: &str) -> Option<Position> {
    let mut found = None;
    let mut from = 0;
    for key in keys(path) {
        let Some(at) = find_key(text, from, &key) else {
            break;
        };
        found = Some(at);
        from = at + key.len();
    }
    found.map(|byte| position(text, byte))
}

/// The keys of a path, in which a dot inside a key stands as `\.`.
fn keys(path: &str) -> Vec<String> {
    let whole = path.replace("\\.", "\0");
    whole.split('.').map(|key| key.replace('\0', ".")).collect()
}

fn find_key(text: &str, from: usize, key: &str) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.match_indices(key).find_map(|(at, _)| {
        let before = rest.get(..at)?.chars().next_back();
        let after = rest.get(at + key.len()..)?;
        let (is_quoted, after) = match after.strip_prefix(['"', '\'']) {
            Some(after) => (true, after),
            None => (false, after),
        };
        let starts = match before {
            None => true,
            Some('"' | '\'') => is_quoted,
            Some(other) => !is_quoted && (other.is_whitespace() || other == '{'),
        };
        let ends = after.trim_start().starts_with([':', '=']);
        (starts && ends).then_some(from + at - usize::from(is_quoted))
    })
}

/// Both numbers count from 1, columns in characters.
fn position(text: &str, byte: usize) -> Position {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Position {
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, path: &str) -> Option<(usize, usize)> {
        of(text, path).map(|found| (found.line, found.column))
    }

    const JSON: &str = r#"{
  "description": "inputs: idleSessionTimeout",
  "inputs": {
    "idleSessionTimeout": "60",
    "shellProfile": { "linux": "x", "windows" : "" }
  }
}"#;

    #[test]
    fn a_field_is_found_where_it_stands() {
        assert_eq!(at(JSON, "inputs.idleSessionTimeout"), Some((4, 5)));
        assert_eq!(at(JSON, "inputs.shellProfile.windows"), Some((5, 37)));
        assert_eq!(at(JSON, "description"), Some((2, 3)));
    }

    #[test]
    fn a_field_that_is_missing_is_where_it_belongs() {
        assert_eq!(at(JSON, "inputs.kmsKeyId"), Some((3, 3)));
        assert_eq!(at(JSON, "schemaVersion"), None);
    }

    #[test]
    fn yaml_and_toml_have_keys_without_quotes() {
        let yaml = "schemaVersion: '1.0'\ninputs:\n  kmsKeyId: x\n";
        assert_eq!(at(yaml, "inputs.kmsKeyId"), Some((3, 3)));
        assert_eq!(
            at("mode = \"report\"\nbaseline=\"x\"", "baseline"),
            Some((2, 1))
        );
    }

    #[test]
    fn a_key_with_a_dot_is_one_key() {
        assert_eq!(
            at("{ \"inputs\": { \"a.b\": 1 } }", "inputs.a\\.b"),
            Some((1, 15))
        );
    }
}
