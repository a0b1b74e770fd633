//! Tags of AWS resources, and their values as policies match them.

/// Why a text is no key or value by which sessions are narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// Characters or lengths that AWS does not take in a key.
    #[error(
        "expected the key of a tag: 1 to 128 letters, digits, blanks or characters of _.:/=+-@"
    )]
    Key,
    /// A key of AWS's own.
    #[error(
        "tags whose keys begin with aws: are set by AWS services, not by whoever answers for access"
    )]
    KeyOfAws,
    /// Characters or lengths that AWS does not take in a value.
    #[error(
        "expected a value of 1 to 256 letters, digits, blanks or characters of _.:/=+-@, with * and ? as wildcards"
    )]
    Value,
    /// A value of nothing but wildcards.
    #[error(
        "it matches any value, so that the tag would narrow nothing but to instances that carry it; name the values"
    )]
    EveryValue,
    /// A policy variable.
    #[error(
        "here a policy variable would be plain text; to compare with the principal's tag use abac"
    )]
    Variable,
}

/// Whether a tag may have the key, those of AWS included: limits after the Systems Manager API reference, "Tag", and the
/// general rules for tags.
pub(super) fn is_key(key: &str) -> bool {
    (1..=128).contains(&key.chars().count()) && key.chars().all(is_character)
}

/// Whether a tag may hold the character.
pub(super) fn is_character(character: char) -> bool {
    character.is_alphanumeric() || character == ' ' || "_.:/=+-@".contains(character)
}

/// Whether policies may narrow by a tag with the key.
pub(super) fn check_key(key: &str) -> Result<(), TagError> {
    if !is_key(key) {
        return Err(TagError::Key);
    }
    if key.to_lowercase().starts_with("aws:") {
        return Err(TagError::KeyOfAws);
    }
    Ok(())
}

/// Whether policies may narrow to the value, in which `*` and `?` are wildcards.
pub(super) fn check_value(value: &str) -> Result<(), TagError> {
    let is_wildcard = |character| matches!(character, '*' | '?');
    if value.contains("${aws:") {
        return Err(TagError::Variable);
    }
    let is_value = (1..=256).contains(&value.chars().count())
        && value.chars().all(|it| is_character(it) || is_wildcard(it));
    if !is_value {
        return Err(TagError::Value);
    }
    if value.chars().all(is_wildcard) {
        return Err(TagError::EveryValue);
    }
    Ok(())
}
