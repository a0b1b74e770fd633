//! What was composed, written where it is wanted.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use guard_core::compose::{Paper, Product};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::exit::Exit;
use crate::paint::{ODD, Painted, one_line};
use crate::streams::Streams;

/// Where policies and documents go.
#[derive(Debug, clap::Args)]
pub(crate) struct Out {
    /// Write each policy and document to a file of its name in this folder, instead of the standard output
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long, requires = "out")]
    force: bool,
}

impl Out {
    /// Writes papers to files or to the standard output, and notes to the standard error.
    pub(crate) fn write(
        &self,
        product: &Product,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Error> {
        match &self.out {
            None => writeln!(streams.out, "{}", text(&product.papers))?,
            Some(folder) => {
                let failed = |file: PathBuf| |source| Error::Write { file, source };
                std::fs::create_dir_all(folder).map_err(failed(folder.clone()))?;
                for paper in &product.papers {
                    let file = folder.join(format!("{}.json", paper.name));
                    self.write_file(&file, paper)?;
                    writeln!(streams.out, "{}", file.display())?;
                }
            }
        }
        for note in &product.notes {
            let text = one_line(&note.to_string());
            writeln!(streams.err, "{} {text}", Painted(ODD, "note:"))?;
        }
        Ok(Exit::Success)
    }

    fn write_file(&self, file: &PathBuf, paper: &Paper) -> Result<(), Error> {
        let mut options = OpenOptions::new();
        options.write(true);
        if self.force {
            options.create(true).truncate(true);
        } else {
            options.create_new(true);
        }
        let failed = |source: std::io::Error| {
            let file = file.clone();
            match source.kind() {
                ErrorKind::AlreadyExists => Error::Exists { file },
                _ => Error::Write { file, source },
            }
        };
        let mut opened = options.open(file).map_err(failed)?;
        writeln!(opened, "{}", paper.text()).map_err(failed)
    }
}

/// One paper as it stands; several as one object by their names.
fn text(papers: &[Paper]) -> String {
    match papers {
        [paper] => paper.text(),
        papers => {
            let named = papers.iter().map(|it| (it.name.clone(), it.value.clone()));
            format!("{:#}", Value::Object(named.collect::<Map<_, _>>()))
        }
    }
}
