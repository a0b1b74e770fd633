//! A function's package, unpacked.

use std::io::{Cursor, Read};
use std::path::Path;

use tempfile::TempDir;

use crate::wire::answer::Refusal;

/// The folder that becomes `LAMBDA_TASK_ROOT`; it disappears with the last process started from it.
#[derive(Debug)]
pub(crate) struct Package(TempDir);

impl Package {
    /// Unpacks a zip archive, keeping permissions.
    pub(crate) fn unpack(archive: &[u8]) -> Result<Self, Refusal> {
        let folder = tempfile::Builder::new()
            .prefix("function-")
            .tempdir()
            .map_err(Refusal::internal)?;
        let mut archive = zip::ZipArchive::new(Cursor::new(archive)).map_err(|_| {
            Refusal::new(
                "InvalidParameterValueException",
                "Could not unzip uploaded file. Please check your file, then try to upload again.",
            )
        })?;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(Refusal::internal)?;
            // A name that leads out of the folder is left out.
            let Some(name) = entry.enclosed_name() else {
                continue;
            };
            let mode = entry.unix_mode();
            let path = folder.path().join(name);
            if entry.is_dir() {
                std::fs::create_dir_all(&path).map_err(Refusal::internal)?;
                continue;
            }
            let mut content = Vec::new();
            entry.read_to_end(&mut content).map_err(Refusal::internal)?;
            write(&path, &content, mode).map_err(Refusal::internal)?;
        }
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

fn write(path: &Path, content: &[u8], mode: Option<u32>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, content)?;
    if let Some(mode) = mode {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o777))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_package_is_unpacked_with_its_permissions() {
        use std::os::unix::fs::PermissionsExt;

        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().unix_permissions(0o755);
        writer.start_file("bootstrap", options).unwrap();
        writer.write_all(b"#!/bin/sh\n").unwrap();
        let archive = writer.finish().unwrap().into_inner();
        let package = Package::unpack(&archive).unwrap();
        let mode = std::fs::metadata(package.path().join("bootstrap"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o755);
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        assert_eq!(
            Package::unpack(b"not a zip").unwrap_err().code,
            "InvalidParameterValueException"
        );
    }
}
