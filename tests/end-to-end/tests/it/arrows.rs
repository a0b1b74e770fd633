//! The crates' dependencies against the table in `crates/README.md`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use cargo_metadata::{DependencyKind, MetadataCommand};
use end_to_end::project;

type Arrows = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_arrow_between_crates_stands_in_the_table() -> anyhow::Result<()> {
    assert_eq!(manifests()?, table()?);
    Ok(())
}

#[test]
fn the_testkit_is_only_ever_a_dev_dependency() -> anyhow::Result<()> {
    let uses = manifests()?
        .into_iter()
        .filter(|(_, uses)| uses.contains("guard-testkit"))
        .map(|(name, _)| name);
    assert_eq!(uses.collect::<Vec<_>>(), [""; 0]);
    Ok(())
}

fn manifests() -> anyhow::Result<Arrows> {
    let metadata = MetadataCommand::new()
        .manifest_path(project().join("Cargo.toml"))
        .no_deps()
        .exec()?;
    let own: BTreeSet<_> = metadata
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    let arrows = metadata.packages.iter().map(|package| {
        let uses = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind == DependencyKind::Normal);
        let uses = uses
            .map(|dependency| dependency.name.clone())
            .filter(|name| own.contains(name))
            .collect();
        (package.name.to_string(), uses)
    });
    Ok(arrows.collect())
}

/// The table's rows: the first column names a crate, the last one those that it may depend on.
fn table() -> anyhow::Result<Arrows> {
    let text = std::fs::read_to_string(project().join("crates/README.md"))?;
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let columns: Vec<_> = row.trim_matches('|').split('|').collect();
        let name = names(columns.first().context("an empty row")?)
            .pop_first()
            .context("no name")?;
        let uses = names(columns.last().context("an empty row")?);
        Ok((
            name,
            uses.into_iter().filter(|name| name != "live").collect(),
        ))
    })
    .collect()
}

/// The words between backticks.
fn names(column: &str) -> BTreeSet<String> {
    column
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}
