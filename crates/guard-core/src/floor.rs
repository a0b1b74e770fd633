//! The floor: what a preferences document must hold whoever wrote it.

mod field;
mod requirement;
mod satisfied;
mod violation;

pub use field::{Field, Kind};
pub use requirement::Requirement;
pub use satisfied::floor_of;
pub use violation::Violation;

use crate::preferences::Preferences;

/// The requirements of a charter, by field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Floor {
    entries: Vec<(Field, Requirement)>,
}

impl Floor {
    /// A floor of these requirements; a field may come several times.
    pub fn new(entries: Vec<(Field, Requirement)>) -> Self {
        Self { entries }
    }

    /// Whether nothing is required beyond what every document must be.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The requirements, in the order of the schema.
    pub fn entries(&self) -> &[(Field, Requirement)] {
        &self.entries
    }

    /// In what `document` is below the floor: first what makes it unfit in any case, then what the charter requires.
    pub fn violations(&self, document: &Preferences) -> Vec<Violation> {
        let unfit = document.defects().into_iter().map(Violation::Unfit);
        let unmet = self.entries.iter().filter_map(|(field, requirement)| {
            let found = document.input(field.key());
            let found = found.as_deref();
            (!requirement.holds(*field, found))
                .then(|| Violation::unmet(*field, requirement, found))
        });
        unfit.chain(unmet).collect()
    }

    /// The floor as the `[floor]` table of a charter.
    pub fn to_toml(&self) -> String {
        let lines = Field::all().iter().filter_map(|field| {
            let requirements: Vec<_> = self
                .entries
                .iter()
                .filter(|(found, _)| found == field)
                .map(|(_, requirement)| to_toml(*field, requirement))
                .collect();
            let line = format!("{} = {{ {} }}\n", field.key(), requirements.join(", "));
            (!requirements.is_empty()).then_some(line)
        });
        std::iter::once("[floor]\n".to_owned())
            .chain(lines)
            .collect()
    }
}

fn to_toml(field: Field, requirement: &Requirement) -> String {
    let value = |text: &String| match field.kind() {
        Kind::Flag | Kind::Minutes { .. } => text.clone(),
        Kind::Text => toml::Value::String(text.clone()).to_string(),
    };
    match requirement {
        Requirement::Is(text) => format!("is = {}", value(text)),
        Requirement::OneOf(texts) => {
            format!(
                "one-of = [{}]",
                texts.iter().map(value).collect::<Vec<_>>().join(", ")
            )
        }
        Requirement::AtMost(most) => format!("at-most = {most}"),
        Requirement::AtLeast(least) => format!("at-least = {least}"),
        Requirement::Set => "set = true".to_owned(),
        Requirement::NotSet => "not-set = true".to_owned(),
    }
}

#[cfg(test)]
mod tests;
