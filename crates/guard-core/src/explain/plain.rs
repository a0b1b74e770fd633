//! Foreign text, made harmless for alerts and terminals.

/// At most `length` characters of `text`, with everything escaped that is not plain printable text.
///
/// Line breaks and control characters could fake further lines of an alert, direction marks could hide parts of it;
/// backticks would end the quotation, and `<…>` makes links and mentions where chat integrations show alerts.
pub fn plain(text: &str, length: usize) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == length {
            shown.push('…');
            break;
        }
        match character {
            '`' => shown.push('\''),
            '<' | '>' => shown.extend(character.escape_unicode()),
            ' ' => shown.push(' '),
            _ if character.is_control() || character.is_whitespace() || is_invisible(character) => {
                shown.extend(character.escape_unicode());
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// Marks that change how the text around them is shown, and characters that are not seen at all.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{2800}' | '\u{3164}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_fake_lines_or_links() {
        let text = "me\nALL CLEAR\u{202e}<https://evil.example|ok>`";
        assert_eq!(
            plain(text, 100),
            r"me\u{a}ALL CLEAR\u{202e}\u{3c}https://evil.example|ok\u{3e}'"
        );
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(plain("abcdef", 3), "abc…");
        assert_eq!(plain("abc", 3), "abc");
    }
}
