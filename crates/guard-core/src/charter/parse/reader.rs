//! Walks through a charter and collects what is wrong, each thing with its place.

use std::ops::Range;

use jiff::Timestamp;

use super::item::{Item, Table, shown};
use crate::charter::error::{CharterError, CharterErrors, Position, Problem};
use crate::charter::placeholder;
use crate::names::{AccountId, Partition, Region, Scope};

/// What is wrong so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    scope: Option<&'t Scope>,
    errors: Vec<CharterError>,
}

/// A text before and after its placeholders are filled in.
pub(super) struct Text {
    /// What goes into the charter.
    pub(super) kept: String,
    /// What is checked: placeholders filled in in any case.
    pub(super) filled: String,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, scope: Option<&'t Scope>) -> Self {
        Self {
            text,
            scope,
            errors: Vec::new(),
        }
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, CharterErrors> {
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(self.into_errors())
        }
    }

    pub(super) fn into_errors(self) -> CharterErrors {
        CharterErrors::new(self.errors)
    }

    /// The partition that the charter is filled in for.
    pub(super) fn partition(&self) -> Option<&Partition> {
        self.scope.map(|scope| &scope.partition)
    }

    /// The account that the charter is filled in for.
    pub(super) fn account(&self) -> Option<&AccountId> {
        self.scope.map(|scope| &scope.account)
    }

    pub(super) fn syntax(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let detail = error.message().lines().collect::<Vec<_>>().join(", ");
            let span = error.span().unwrap_or(0..0);
            self.add(&span, "", Problem::Syntax { detail });
        }
    }

    /// Refuses keys that are none of `known`, each with the nearest that is.
    pub(super) fn refuse_unknown(&mut self, table: &Table<'_>, known: &[&str]) {
        for (key, item) in table.items() {
            if !known.contains(&key) {
                self.unknown_key(&item, key, known);
            }
        }
    }

    pub(super) fn unknown_key(&mut self, item: &Item<'_>, key: &str, known: &[&str]) {
        let nearest = nearest(key, known).map(str::to_owned);
        let known = known.iter().map(|key| (*key).to_owned()).collect();
        self.add(
            &item.key_span,
            &item.path,
            Problem::UnknownKey { nearest, known },
        );
    }

    pub(super) fn required<'d>(
        &mut self,
        table: &Table<'d>,
        key: &str,
        expected: &str,
    ) -> Option<Item<'d>> {
        let item = table.item(key);
        if item.is_none() {
            self.missing(table, key, expected);
        }
        item
    }

    pub(super) fn missing(&mut self, table: &Table<'_>, key: &str, expected: &str) {
        let path = if table.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", table.path)
        };
        self.add(
            &table.span,
            &path,
            Problem::Missing {
                expected: expected.to_owned(),
            },
        );
    }

    pub(super) fn unfit(&mut self, item: &Item<'_>, expected: &str) {
        let problem = Problem::Unfit {
            found: shown(item.value),
            expected: expected.to_owned(),
        };
        self.add(&item.span, &item.path, problem);
    }

    pub(super) fn dangerous(&mut self, item: &Item<'_>, why: &str) {
        let problem = Problem::Dangerous {
            found: shown(item.value),
            why: why.to_owned(),
        };
        self.add(&item.span, &item.path, problem);
    }

    pub(super) fn conflict(&mut self, item: &Item<'_>, why: &str) {
        self.add(
            &item.key_span,
            &item.path,
            Problem::Conflict {
                why: why.to_owned(),
            },
        );
    }

    pub(super) fn duplicate(&mut self, item: &Item<'_>, first: &str) {
        let problem = Problem::Duplicate {
            found: shown(item.value),
            first: first.to_owned(),
        };
        self.add(&item.span, &item.path, problem);
    }

    /// The elements of a list that is not empty.
    pub(super) fn list<'d>(&mut self, item: &Item<'d>, expected: &str) -> Option<Vec<Item<'d>>> {
        let Some(values) = item.value.as_array().filter(|values| !values.is_empty()) else {
            self.unfit(item, expected);
            return None;
        };
        let items = values.iter().enumerate().map(|(index, value)| Item {
            path: format!("{}[{}]", item.path, index + 1),
            value: value.get_ref(),
            key_span: value.span(),
            span: value.span(),
        });
        Some(items.collect())
    }

    /// The tables of a list written as `[[key]]`; what is no table is an error and left out.
    pub(super) fn tables<'d>(&mut self, table: &Table<'d>, key: &str) -> Vec<Table<'d>> {
        let Some(item) = table.item(key) else {
            return Vec::new();
        };
        let expected = format!("entries that begin with [[{}]]", header(&item.path));
        let Some(items) = self.list(&item, &expected) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in &items {
            match item.table() {
                Some(table) => tables.push(table),
                None => self.unfit(item, &expected),
            }
        }
        tables
    }

    /// A text whose placeholders are all known.
    pub(super) fn text(&mut self, item: &Item<'_>, expected: &str) -> Option<Text> {
        let Some(written) = item.value.as_str() else {
            self.unfit(item, expected);
            return None;
        };
        if let Some(found) = placeholder::unknown(written) {
            self.add(
                &item.span,
                &item.path,
                Problem::UnknownPlaceholder { found },
            );
            return None;
        }
        Some(self.fill(written))
    }

    /// A text in which `${…}` may be the shell's own.
    pub(super) fn shell_text(&mut self, item: &Item<'_>, expected: &str) -> Option<Text> {
        let Some(written) = item.value.as_str() else {
            self.unfit(item, expected);
            return None;
        };
        Some(self.fill(written))
    }

    pub(super) fn fill(&self, written: &str) -> Text {
        match self.scope {
            Some(scope) => {
                let filled = placeholder::fill(written, scope);
                Text {
                    kept: filled.clone(),
                    filled,
                }
            }
            None => Text {
                kept: written.to_owned(),
                filled: sample(written),
            },
        }
    }

    /// A moment: a date and time with its offset, without which it would depend on who reads it.
    pub(super) fn time(&mut self, item: &Item<'_>) -> Option<Timestamp> {
        let time = item
            .value
            .as_datetime()
            .filter(|time| time.offset.is_some())
            .and_then(|time| time.to_string().parse::<Timestamp>().ok());
        if time.is_none() {
            let expected =
                "a date and time with its offset and without quotes, such as 2027-01-01T00:00:00Z";
            self.unfit(item, expected);
        }
        time
    }

    fn add(&mut self, span: &Range<usize>, key: &str, problem: Problem) {
        let at = Position::of(self.text, span.start);
        self.errors.push(CharterError {
            at,
            key: key.to_owned(),
            problem,
        });
    }
}

/// The path of a list of tables as it is written in front of them: `forbidden[1].successor` is `forbidden.successor`.
fn header(path: &str) -> String {
    let names = path
        .split('.')
        .map(|part| part.split('[').next().unwrap_or(part));
    names.collect::<Vec<_>>().join(".")
}

/// The text as it would be in some account, to check its form.
fn sample(written: &str) -> String {
    let names = (
        AccountId::parse("123456789012"),
        Region::parse("eu-central-1"),
        Partition::parse("aws"),
    );
    match names {
        (Ok(account), Ok(region), Ok(partition)) => placeholder::fill(
            written,
            &Scope {
                partition,
                account,
                region,
            },
        ),
        (_, _, _) => written.to_owned(),
    }
}

/// The known name that was most likely meant.
fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let key = key.to_lowercase();
    known
        .iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&key, &name.to_lowercase()),
                *name,
            )
        })
        .filter(|(distance, name)| *distance <= name.len().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
