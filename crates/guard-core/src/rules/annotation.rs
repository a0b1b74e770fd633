//! Findings in the little room that AWS Config has for them.

use super::Finding;

/// Characters that an annotation may have (AWS Config API reference, `Evaluation`).
const MAX_CHARACTERS: usize = 256;

/// The gravest finding, and how many there are besides; `None` when there is none, since an annotation may not be empty.
pub fn annotation(findings: &[Finding]) -> Option<String> {
    let (first, others) = findings.split_first()?;
    let more = match others.len() {
        0 => String::new(),
        number => format!(" (+{number} more)"),
    };
    let room = MAX_CHARACTERS - more.chars().count();
    Some(cut(&first.to_string(), room) + &more)
}

/// What does not fit is cut in the middle of the place and of what is wrong, never at the end, where it says what to do.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept = room.saturating_sub(1);
    let mut cut: String = text.chars().take(kept).collect();
    cut.push('…');
    cut
}
