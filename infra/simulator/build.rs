//! Embeds the phone page: lists `phone/` as a table of (path, bytes) that `src/phone.rs` includes.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
    let variable = |name: &str| env::var(name).map_err(io::Error::other);
    let page = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("phone");
    let mut table = String::from("&[\n");
    if page.is_dir() {
        list(&page, &page, &mut table)?;
    }
    table.push_str("]\n");
    fs::write(PathBuf::from(variable("OUT_DIR")?).join("phone_files.rs"), table)?;
    println!("cargo::rerun-if-changed=phone");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

fn list(root: &Path, folder: &Path, table: &mut String) -> io::Result<()> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            list(root, &path, table)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            let name = name.to_string_lossy().replace('\\', "/");
            let path = path.to_string_lossy();
            // Writing into a string cannot fail.
            let _ = writeln!(table, "    ({name:?}, include_bytes!({path:?}).as_slice()),");
        }
    }
    Ok(())
}
