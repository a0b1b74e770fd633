//! Lines of any input, however long, in little memory.

use std::io::{self, BufRead, BufReader, Read};

/// Far more than all policies of a caller can be; what is longer is passed over.
const LONGEST: usize = 16 << 20;

/// As many bytes as are read, and written, at a time: some dozen lines.
pub(super) const AT_A_TIME: usize = 64 << 10;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Reads lines one after the other.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    number: u64,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// What it says.
    Text(&'a str),
    /// What it is instead of text.
    Unreadable(String),
}

impl<R: Read> Lines<R> {
    pub(super) fn of(reader: R) -> Self {
        Self {
            reader: BufReader::with_capacity(AT_A_TIME, reader),
            line: Vec::new(),
            number: 0,
        }
    }

    /// Whether the next line is not there yet.
    pub(super) fn may_wait(&self) -> bool {
        !self.reader.buffer().contains(&b'\n')
    }

    /// The next line that is not blank, and its number; nothing at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        loop {
            self.line.clear();
            let most = LONGEST as u64 + 1;
            let mut reader = (&mut self.reader).take(most);
            if reader.read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.line.len() > LONGEST && !self.line.ends_with(b"\n") {
                self.reader.skip_until(b'\n')?;
                let found = format!("a line of more than {} MiB", LONGEST >> 20);
                return Ok(Some((self.number, Line::Unreadable(found))));
            }
            if !self.text().trim_ascii().is_empty() {
                return Ok(Some((self.number, line(self.text()))));
            }
        }
    }

    /// The line without the mark that some editors begin files with.
    fn text(&self) -> &[u8] {
        match self.line.strip_prefix(BYTE_ORDER_MARK) {
            Some(text) if self.number == 1 => text,
            Some(_) | None => &self.line,
        }
    }
}

fn line(bytes: &[u8]) -> Line<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Line::Text(text),
        Err(error) => {
            let place = error.valid_up_to() + 1;
            Line::Unreadable(format!("byte {place} of the line, which is no UTF-8"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<(u64, Result<String, String>)> {
        let mut lines = Lines::of(bytes);
        let mut all = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            all.push((
                number,
                match line {
                    Line::Text(text) => Ok(text.trim_ascii().to_owned()),
                    Line::Unreadable(found) => Err(found),
                },
            ));
        }
        all
    }

    fn text(number: u64, text: &str) -> (u64, Result<String, String>) {
        (number, Ok(text.to_owned()))
    }

    #[test]
    fn lines_end_as_they_like_and_blank_ones_only_count() {
        let expected = [text(1, "a"), text(4, "b"), text(5, "c")];
        assert_eq!(all(b"a\r\n\n \t\r\nb\nc"), expected);
        assert_eq!(all("\u{feff}a\n\r\n\nb\nc\r\n".as_bytes()), expected);
        assert_eq!(all(b""), []);
        assert_eq!(all("\u{feff}".as_bytes()), []);
    }

    #[test]
    fn only_a_mark_at_the_very_beginning_is_none_of_the_text() {
        let found = all("a\n\u{feff}b\n".as_bytes());
        assert_eq!(found, [text(1, "a"), text(2, "\u{feff}b")]);
    }

    #[test]
    fn a_line_of_the_greatest_length_is_read_and_a_longer_one_passed_over() {
        let longest = "x".repeat(LONGEST);
        let found = all(format!("{longest}\n{longest}x\n{longest}xy\nz\n{longest}").as_bytes());
        let too_long = Err("a line of more than 16 MiB".to_owned());
        let expected = [
            text(1, &longest),
            (2, too_long.clone()),
            (3, too_long),
            text(4, "z"),
            text(5, &longest),
        ];
        assert!(found == expected);
    }

    #[test]
    fn the_first_byte_that_is_no_text_is_told() {
        let found = "byte 3 of the line, which is no UTF-8".to_owned();
        assert_eq!(all(b"ab\xffc\nz"), [(1, Err(found)), text(2, "z")]);
    }
}
