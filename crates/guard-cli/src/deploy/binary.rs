//! The built programs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::error::Error;

/// The processors that Lambda has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Arch {
    /// AWS Graviton.
    Arm64,
    /// Intel and AMD.
    #[value(name = "x86_64")]
    X86_64,
}

impl Arch {
    /// As `make` and Lambda name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// `e_machine` of its programs (ELF specification, `EM_AARCH64` and `EM_X86_64`).
    fn machine(self) -> u8 {
        match self {
            Self::Arm64 => 183,
            Self::X86_64 => 62,
        }
    }
}

/// The folder that `make build` builds to.
pub(super) fn built_for(arch: Arch, project: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").filter(|it| !it.is_empty());
    let target = target.map_or_else(|| project.join("target"), PathBuf::from);
    target.join(format!("lambda-{}", arch.name()))
}

/// Makes sure that the programs in `folder` are there, and for the right processor where one is asked for.
pub(super) fn check(folder: &Path, asked: Option<Arch>, binaries: &[&str]) -> Result<(), Error> {
    for binary in binaries {
        check_one(folder.join(binary).join("bootstrap"), asked)?;
    }
    Ok(())
}

fn check_one(file: PathBuf, asked: Option<Arch>) -> Result<(), Error> {
    let arch = asked.unwrap_or(Arch::Arm64);
    let mut head = [0; 20];
    let read = File::open(&file).and_then(|mut open| open.read_exact(&mut head));
    if let Err(source) = read {
        return Err(match source.kind() {
            std::io::ErrorKind::NotFound => Error::NotBuilt {
                file,
                arch: arch.name(),
            },
            // Shorter than any program.
            std::io::ErrorKind::UnexpectedEof => Error::OtherArch {
                file,
                arch: arch.name(),
            },
            _ => Error::Read { file, source },
        });
    }
    let is_program = head.starts_with(b"\x7fELF");
    // Both processors are little-endian, and both numbers are below 256.
    let machine = head.get(18..20) == Some(&[arch.machine(), 0]);
    if is_program && (asked.is_none() || machine) {
        Ok(())
    } else {
        Err(Error::OtherArch {
            file,
            arch: arch.name(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINARIES: [&str; 2] = ["preferences-guard", "config-rules"];

    /// The first program is as it should be, the second one begins with `head`.
    fn folder(head: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (binary, head) in BINARIES.iter().zip([&program(62), head]) {
            let place = folder.path().join(binary);
            std::fs::create_dir(&place).unwrap();
            std::fs::write(place.join("bootstrap"), head).unwrap();
        }
        folder
    }

    fn program(machine: u8) -> Vec<u8> {
        let mut head = b"\x7fELF".to_vec();
        head.resize(18, 0);
        head.extend([machine, 0, 1, 0]);
        head
    }

    #[test]
    fn a_function_for_another_processor_is_refused() {
        let intel = folder(&program(62));
        assert!(check(intel.path(), Some(Arch::X86_64), &BINARIES).is_ok());
        assert!(check(intel.path(), None, &BINARIES).is_ok());
        let error = check(intel.path(), Some(Arch::Arm64), &BINARIES).unwrap_err();
        assert!(
            error.to_string().ends_with("`make build ARCH=arm64`"),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_program_is_refused() {
        for text in [&b"#!/bin/sh"[..], b"#!/usr/bin/env python3"] {
            let error = check(folder(text).path(), None, &BINARIES).unwrap_err();
            assert!(matches!(error, Error::OtherArch { .. }), "{error}");
        }
    }

    #[test]
    fn a_function_that_is_not_built_says_how_to_build_it() {
        let folder = tempfile::tempdir().unwrap();
        let error = check(folder.path(), Some(Arch::X86_64), &BINARIES).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("build it with `make build ARCH=x86_64`"),
            "{error}"
        );
    }
}
