//! What AWS Config shows of the rules.

use std::fmt;

/// One line of the compliance view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whom or what the rule judged: "role support-desk".
    pub resource: String,
    /// The rule, without what the names of all rules begin with.
    pub rule: String,
    /// As the console writes it.
    pub compliance: Compliance,
    /// The rule's words.
    pub annotation: String,
}

/// The compliance of one resource with one rule, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compliance {
    /// Something is wrong.
    Noncompliant,
    /// Nothing is.
    Compliant,
}

impl Compliance {
    /// As the console of AWS Config writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Noncompliant => "Noncompliant",
            Self::Compliant => "Compliant",
        }
    }
}

/// The compliance view: what was judged not applicable is not listed, as in the console.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View(Vec<Row>);

/// Characters of a line of the last column.
const ANNOTATION_WIDTH: usize = 64;

const HEADINGS: [&str; 4] = ["resource", "rule", "compliance", "annotation"];

impl View {
    /// The rows, what does not comply first.
    pub fn new(mut rows: Vec<Row>) -> Self {
        let key = |row: &Row| (row.compliance, row.resource.clone(), row.rule.clone());
        rows.sort_by_key(key);
        Self(rows)
    }

    /// What a rule has something to say against.
    pub fn noncompliant(&self, rule: &str) -> Vec<&Row> {
        let Self(rows) = self;
        let of_rule = rows.iter().filter(|row| row.rule == rule);
        of_rule
            .filter(|row| row.compliance == Compliance::Noncompliant)
            .collect()
    }

    /// What a rule says of a resource.
    pub fn of(&self, resource: &str, rule: &str) -> Option<&Row> {
        let Self(rows) = self;
        rows.iter()
            .find(|row| row.resource == resource && row.rule == rule)
    }

    /// The lines of the table, each with the compliance of its row; the first one is the heading.
    pub fn lines(&self) -> Vec<(String, Option<Compliance>)> {
        let Self(rows) = self;
        let cells: Vec<[&str; 3]> = rows
            .iter()
            .map(|row| [&*row.resource, &*row.rule, row.compliance.as_str()])
            .collect();
        let [resource, rule, compliance, annotation] = HEADINGS;
        let heading = [resource, rule, compliance];
        let mut widths = heading.map(str::len);
        for row in &cells {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |[first, second, third]: &[&str; 3], rest: &str| {
            let [a, b, c] = widths;
            let line = format!("{first:<a$}  {second:<b$}  {third:<c$}  {rest}");
            line.trim_end().to_owned()
        };
        let mut lines = vec![(line(&heading, annotation), None)];
        for (row, cells) in rows.iter().zip(&cells) {
            let mut parts = wrapped(&row.annotation).into_iter();
            let first = parts.next().unwrap_or_default();
            lines.push((line(cells, &first), Some(row.compliance)));
            lines.extend(parts.map(|part| (line(&["", "", ""], &part), None)));
        }
        lines
    }
}

/// As an aligned table.
impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines()
            .iter()
            .try_for_each(|(line, _)| writeln!(f, "{line}"))
    }
}

/// The words on lines of at most [`ANNOTATION_WIDTH`] characters, where no single word is longer.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= ANNOTATION_WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(resource: &str, compliance: Compliance, annotation: &str) -> Row {
        Row {
            resource: resource.to_owned(),
            rule: "session-access".to_owned(),
            compliance,
            annotation: annotation.to_owned(),
        }
    }

    #[test]
    fn what_does_not_comply_comes_first_and_long_words_are_wrapped() {
        let said = "statement 1 of policy `everything` allows ssm:StartSession on everything; name instances";
        let view = View::new(vec![
            row("role web-operators", Compliance::Compliant, ""),
            row("user mallory", Compliance::Noncompliant, said),
        ]);
        let expected = "\
resource            rule            compliance    annotation
user mallory        session-access  Noncompliant  statement 1 of policy `everything` allows ssm:StartSession on
                                                  everything; name instances
role web-operators  session-access  Compliant
";
        assert_eq!(view.to_string(), expected);
        assert!(view.of("user mallory", "session-access").is_some());
        assert!(view.of("user mallory", "preferences-access").is_none());
    }
}
