//! Findings in the little room that AWS Config has for them.

use super::evaluation::Exempt;
use super::{Certainty, Finding};
use crate::explain;

/// Characters that an annotation may have (AWS Config API reference, `Evaluation`).
const MAX_CHARACTERS: usize = 256;

/// The gravest finding, and how many there are besides; `None` when there is none, since an annotation may not be empty.
///
/// `findings` come the gravest first.
pub fn of(findings: &[Finding]) -> Option<String> {
    within(findings, MAX_CHARACTERS)
}

/// A sentence as an annotation; `None` when it says nothing.
pub(super) fn plain(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| cut(&harmless(text), MAX_CHARACTERS))
}

/// Why a resource may be as it is, and then how it is.
pub(super) fn exempt(exempt: &Exempt, findings: &[Finding]) -> String {
    let until = exempt
        .until
        .map_or_else(String::new, |until| format!(" until {until:.0}"));
    let reason = explain::plain(&exempt.reason, MAX_CHARACTERS / 4);
    let start = format!("exempt{until} ({reason}): ");
    let room = MAX_CHARACTERS.saturating_sub(start.chars().count());
    start + &within(findings, room).unwrap_or_default()
}

fn within(findings: &[Finding], room: usize) -> Option<String> {
    let (first, others) = findings.split_first()?;
    let more = match others.len() {
        0 => String::new(),
        number => format!(" (+{number} more)"),
    };
    Some(sentence(first, room.saturating_sub(more.chars().count())) + &more)
}

/// Where, what and what to do, each in as much of the room as the others leave it.
fn sentence(finding: &Finding, room: usize) -> String {
    let space = if finding.place.is_some() { " " } else { "" };
    let what = format!("{space}{}{}", finding.what, given(&finding.certainty));
    let place = |has_sid: bool| match &finding.place {
        None => String::new(),
        Some(place) if has_sid => place.to_string(),
        Some(place) => {
            let mut short = place.clone();
            short.sid = None;
            short.to_string()
        }
    };
    let parts = |place: String| [place, what.clone(), format!("; {}", finding.advice)];
    let whole = parts(place(true)).map(|part| harmless(&part));
    if length(&whole) <= room {
        return whole.concat();
    }
    // The statement's number says as much as its Sid.
    share(parts(place(false)).map(|part| harmless(&part)), room).concat()
}

/// The same with everything escaped that could show as something else; the backticks are our own.
fn harmless(text: &str) -> String {
    let parts: Vec<_> = text
        .split('`')
        .map(|part| explain::plain(part, usize::MAX))
        .collect();
    parts.join("`")
}

fn given(certainty: &Certainty) -> String {
    match certainty {
        Certainty::Certain => String::new(),
        Certainty::Conditional { on } => format!(" (given {})", on.join(", ")),
        Certainty::Unknown { why } => format!(" ({why})"),
    }
}

fn length(parts: &[String]) -> usize {
    parts.iter().map(|part| part.chars().count()).sum()
}

/// Cuts the parts to `room` characters together: what is short stays whole, the long ones share the rest.
fn share(parts: [String; 3], room: usize) -> [String; 3] {
    let mut lengths = parts.each_ref().map(|part| part.chars().count());
    lengths.sort_unstable();
    let (mut room, mut sharers) = (room, lengths.len());
    let mut most = 0;
    for length in lengths {
        most = room / sharers.max(1);
        if length > most {
            break;
        }
        room -= length;
        sharers -= 1;
        most = length;
    }
    parts.map(|part| cut(&part, most))
}

/// At most `most` characters, the last of them an ellipsis where something is left out.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{FindingCode, Place};

    fn finding(policy: &str, sid: Option<&str>, what: &str, advice: &str) -> Finding {
        Finding {
            code: FindingCode::AnyDocument,
            certainty: Certainty::Certain,
            place: Some(Place {
                policy: policy.to_owned(),
                statement: 0,
                sid: sid.map(str::to_owned),
            }),
            example: None,
            what: what.to_owned(),
            advice: advice.to_owned(),
        }
    }

    fn long(word: &str, length: usize) -> String {
        word.repeat(length).chars().take(length).collect()
    }

    #[test]
    fn no_finding_has_no_annotation_since_an_empty_one_is_refused() {
        assert_eq!(of(&[]), None);
        assert_eq!(plain(""), None);
    }

    #[test]
    fn an_annotation_says_where_what_and_what_to_do() {
        let finding = finding(
            "policy `dev`",
            Some("Sessions"),
            "allows too much",
            "narrow it",
        );
        assert_eq!(
            of(std::slice::from_ref(&finding)).unwrap(),
            "statement 1 (`Sessions`) of policy `dev` allows too much; narrow it"
        );
        assert_eq!(
            of(&[finding.clone(), finding.clone(), finding]).unwrap(),
            "statement 1 (`Sessions`) of policy `dev` allows too much; narrow it (+2 more)"
        );
    }

    #[test]
    fn a_condition_and_what_is_not_known_are_told() {
        let certain = finding("policy `dev`", None, "allows too much", "narrow it");
        let conditional = Finding {
            certainty: Certainty::Conditional {
                on: vec!["aws:SourceIp".to_owned(), "aws:RequestedRegion".to_owned()],
            },
            ..certain.clone()
        };
        let unknown = Finding {
            certainty: Certainty::Unknown {
                why: "it cannot be read".to_owned(),
            },
            ..certain
        };
        assert_eq!(
            [of(&[conditional]), of(&[unknown])].map(Option::unwrap),
            [
                "statement 1 of policy `dev` allows too much (given aws:SourceIp, aws:RequestedRegion); narrow it",
                "statement 1 of policy `dev` allows too much (it cannot be read); narrow it",
            ]
        );
    }

    #[test]
    fn what_to_do_stays_whole_however_long_the_rest_is() {
        let policy = format!("policy `{}`", long("p", 128));
        let found = finding(
            &policy,
            Some("S"),
            &long("what ", 300),
            "narrow it to the charter's tag",
        );
        let text = of(&[found.clone(), found]).unwrap();
        assert!((250..=256).contains(&text.chars().count()), "{text}");
        assert!(text.starts_with("statement 1 of policy `ppp"), "{text}");
        assert!(text.contains("p… what what"), "{text}");
        assert!(
            text.ends_with("…; narrow it to the charter's tag (+1 more)"),
            "{text}"
        );
    }

    #[test]
    fn characters_are_counted_and_never_torn_apart() {
        for length in 0..300 {
            let found = finding(
                "policy `ü`",
                None,
                &long("日本", length),
                &long("é", length),
            );
            let text = of(&vec![found; 3]).unwrap();
            let count = text.chars().count();
            assert!((1..=256).contains(&count), "{count}: {text}");
        }
    }

    #[test]
    fn foreign_text_cannot_look_like_another_line() {
        let found = finding("policy `a\nb`", None, "is\u{202e} odd", "mend it");
        let text = of(&[found]).unwrap();
        assert!(
            !text.chars().any(|c| c.is_control() || c == '\u{202e}'),
            "{text}"
        );
    }

    #[test]
    fn an_exemption_comes_before_what_it_excuses() {
        let found = finding("policy `dev`", None, "allows too much", "narrow it");
        let excuse = Exempt {
            until: "2027-01-01T00:00:00Z".parse().ok(),
            reason: "break glass".to_owned(),
        };
        assert_eq!(
            exempt(&excuse, std::slice::from_ref(&found)),
            "exempt until 2027-01-01T00:00:00Z (break glass): statement 1 of policy `dev` allows too much; narrow it"
        );
        let wordy = Exempt {
            until: None,
            reason: long("why ", 500),
        };
        let text = exempt(&wordy, &vec![found; 2]);
        assert!(text.chars().count() <= 256, "{text}");
    }
}
