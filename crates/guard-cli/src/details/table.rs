//! Columns of text that keep within the width of a terminal.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::paint::{HEAD, Painted};

/// Between two columns.
const GAP: usize = 2;
/// A column is not made narrower than this; on narrower terminals lines run over.
const LEAST: usize = 12;

/// Rows of as many cells as there are headings.
#[derive(Debug)]
pub(super) struct Table<const N: usize> {
    headings: [&'static str; N],
    rows: Vec<[Cell; N]>,
}

/// A text in one style.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    style: Style,
    text: String,
}

impl Cell {
    pub(super) fn plain(text: &str) -> Self {
        Self::styled(Style::new(), text)
    }

    pub(super) fn styled(style: Style, text: &str) -> Self {
        Self {
            style,
            text: text.to_owned(),
        }
    }
}

impl<const N: usize> Table<N> {
    pub(super) fn new(headings: [&'static str; N]) -> Self {
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes it within a width; without one, each row is one line, whatever its length.
    pub(super) fn write(&self, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths(width);
        let heading = self.headings.map(|heading| Cell::styled(HEAD, heading));
        for row in std::iter::once(&heading).chain(&self.rows) {
            write_row(row, &widths, out)?;
        }
        Ok(())
    }

    fn widths(&self, width: Option<usize>) -> [usize; N] {
        let mut widths = self.headings.map(UnicodeWidthStr::width);
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.width());
            }
        }
        if let Some(width) = width {
            shrink(&mut widths, width.saturating_sub(GAP * N.saturating_sub(1)));
        }
        widths
    }
}

/// Takes from the widest columns, a little at a time, until all together are narrow enough.
fn shrink(widths: &mut [usize], room: usize) {
    while widths.iter().sum::<usize>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > LEAST => *widest -= 1,
            Some(_) | None => return,
        }
    }
}

fn write_row<const N: usize>(
    row: &[Cell; N],
    widths: &[usize; N],
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns: Vec<_> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| wrap(&cell.text, *width))
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..height {
        let mut padding = 0;
        for ((cell, column), width) in row.iter().zip(&columns).zip(widths) {
            let text = column.get(line).map_or("", String::as_str);
            if !text.is_empty() {
                // Only in front of a text, so that no line ends with spaces.
                write!(out, "{:padding$}{}", "", Painted(cell.style, text))?;
                padding = 0;
            }
            padding += width.saturating_sub(text.width()) + GAP;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The text in lines that are no wider than `width`, broken at spaces, and within words that are longer.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let separator = if line.is_empty() { "" } else { " " };
        if line.width() + separator.len() + word.width() <= width {
            line.push_str(separator);
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            if !line.is_empty() && line.width() + character.width().unwrap_or_default() > width {
                let rest = after_seam(&mut line, width);
                lines.push(std::mem::replace(&mut line, rest));
            }
            line.push(character);
        }
    }
    lines.push(line);
    lines
}

/// Takes off what stands behind the last place where an ARN or a name may be broken, if that is not too early.
fn after_seam(line: &mut String, width: usize) -> String {
    match line.rfind(['-', '/', ':', '.', ',']) {
        Some(seam) if seam + 1 > width / 2 => line.split_off(seam + 1),
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn table() -> Table<3> {
        let mut table = Table::new(["NAME", "FINDING", "WHAT TO DO"]);
        for row in [
            [
                "web",
                "any-document",
                "name the document SSM-SessionManagerRunShell instead",
            ],
            [
                "a-very-long-name-of-a-role-in-a-stack",
                "send-command",
                "take it out",
            ],
            ["名前", "any-document", ""],
        ] {
            table.push(row.map(Cell::plain));
        }
        table
    }

    fn written(width: Option<usize>) -> String {
        let mut out = Vec::new();
        table().write(width, &mut out).unwrap();
        anstream::adapter::strip_bytes(&out)
            .into_vec()
            .try_into()
            .unwrap()
    }

    #[test]
    fn without_a_terminal_a_row_is_a_line() {
        assert_snapshot!(written(None), @r"
        NAME                                   FINDING       WHAT TO DO
        web                                    any-document  name the document SSM-SessionManagerRunShell instead
        a-very-long-name-of-a-role-in-a-stack  send-command  take it out
        名前                                   any-document
        ");
    }

    #[test]
    fn a_terminal_is_filled_and_not_run_over() {
        for width in [46, 60, 80] {
            let text = written(Some(width));
            let widest = text.lines().map(UnicodeWidthStr::width).max();
            assert!(widest <= Some(width), "{width}:\n{text}");
            assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        }
        assert_snapshot!(written(Some(60)), @r"
        NAME                    FINDING       WHAT TO DO
        web                     any-document  name the document
                                              SSM-SessionManagerRunS
                                              hell instead
        a-very-long-name-of-a-  send-command  take it out
        role-in-a-stack
        名前                    any-document
        ");
    }

    #[test]
    fn a_narrow_terminal_is_run_over_and_nothing_is_lost() {
        let text = written(Some(10)).replace(['\n', ' '], "");
        for part in ["SSM-", "Session", "take"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
