//! Reads a folder's tables, settings and pictures into memory, within bounds.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use app::town::Files;
use app::town::files::FILE_BYTES_MAX;

/// At most this many files are read.
const FILES_MAX: usize = 200;
const ENDINGS: [&str; 7] = ["csv", "geojson", "yaml", "yml", "png", "jpg", "jpeg"];

/// A folder that could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// The system refused.
    #[error("could not read {path}")]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// This is no town's folder.
    #[error("{0} holds more than {FILES_MAX} tables and pictures: is it the right folder?")]
    TooMany(PathBuf),
}

/// The files in a folder and in the folders right in it.
pub(crate) fn read(dir: &Path) -> Result<Files, FolderError> {
    let mut files = Files::default();
    collect(dir, "", &mut files, dir)?;
    Ok(files)
}

fn collect(dir: &Path, prefix: &str, files: &mut Files, top: &Path) -> Result<(), FolderError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Unreadable { path, source }
    };
    for entry in fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.is_dir() {
            if prefix.is_empty() && !name.starts_with('.') {
                collect(&path, &format!("{name}/"), files, top)?;
            }
            continue;
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        if !ENDINGS.contains(&ending.as_str()) {
            continue;
        }
        if files.0.len() >= FILES_MAX {
            return Err(FolderError::TooMany(top.to_owned()));
        }
        // One byte more than is allowed: the reader then says that it is too large.
        let limit = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(unreadable(&path))?;
        files.0.insert(format!("{prefix}{name}"), bytes);
    }
    Ok(())
}
