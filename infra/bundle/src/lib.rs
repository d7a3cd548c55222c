//! For the build scripts of crates with web pages: bundles their folder `web/` (style and scripts) with npm's esbuild, and embeds the files
//! under names that carry their hash.
//!
//! `web/` holds a package whose script `bundle` takes `--outdir`. What is embedded becomes `assets.rs` in `OUT_DIR`: a table `ASSETS` of
//! paths on the site with type and text, and a constant for each file that the code names.

#![expect(clippy::print_stdout, reason = "build scripts speak to cargo through their output")]

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Bundles `web/` of the crate whose build script calls this. `named`: constants of the code, and each the file whose path it is, without the
/// hash: `("SCRIPT", "console.js")`.
#[must_use]
pub fn web(named: &[(&str, &str)]) -> ExitCode {
    match build(named) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build(named: &[(&str, &str)]) -> Result<(), String> {
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
    let variable = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let web = package.join("web");
    let bundle = out.join("web");
    for source in files(&web)? {
        // `node_modules` follows from the lock file.
        if !source.ends_with("node_modules") {
            println!("cargo::rerun-if-changed={}", source.display());
        }
    }
    // Two builds at once (a check and `sam build`) share `web/node_modules`: one at a time.
    let turn = File::open(package.join("build.rs")).map_err(said("open build.rs"))?;
    turn.lock().map_err(said("wait for another build of the same"))?;
    install(&web)?;
    if bundle.exists() {
        fs::remove_dir_all(&bundle).map_err(said("remove the bundle of before"))?;
    }
    npm(&web, &["run", "--silent", "bundle", "--", &format!("--outdir={}", bundle.display())])?;
    fs::write(out.join("assets.rs"), table(&files(&bundle)?, named)?).map_err(said("write the table of assets"))
}

/// Installs what `package-lock.json` says, unless that is installed already.
fn install(web: &Path) -> Result<(), String> {
    let stamp = web.join("node_modules/.installed-from");
    let lock = fs::read(web.join("package-lock.json")).map_err(said("read web/package-lock.json"))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    npm(web, &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])?;
    fs::write(stamp, lock).map_err(said("note what is installed"))
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("npm").args(arguments).current_dir(web).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            "npm was not found. Style and scripts of the pages are bundled with Node.js 20.15 or newer \
             and its npm: install both (https://nodejs.org), then build again."
                .to_owned()
        }
        _ => format!("npm could not be started: {error}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    let hint = if arguments.first() == Some(&"ci") { "\nIs the package registry reached from here?" } else { "" };
    Err(format!("`npm {}` failed in {} ({}):\n{said}{hint}", arguments.join(" "), web.display(), output.status))
}

/// What lies in a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(said("list the files of the bundle"))?;
    files.sort();
    Ok(files)
}

/// The Rust table of what was bundled: path on the site, type, text; and the paths that the code names.
fn table(files: &[PathBuf], named: &[(&str, &str)]) -> Result<String, String> {
    let mut rows = String::new();
    let mut constants = String::new();
    let mut missing: Vec<&(&str, &str)> = named.iter().collect();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let content_type = match file.extension().and_then(|ending| ending.to_str()) {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => return Err(format!("the bundle holds {name}, whose type is not known to infra/bundle")),
        };
        let path = format!("/assets/{name}");
        // Writing into a string cannot fail.
        if let Some(at) = missing.iter().position(|(_, file)| without_hash(&name).as_deref() == Some(*file)) {
            let (constant, _) = missing.swap_remove(at);
            let _ = writeln!(constants, "const {constant}: &str = {path:?};");
        }
        let text = file.to_string_lossy();
        let _ =
            writeln!(rows, "    ({path:?}, Asset {{ content_type: {content_type:?}, text: include_str!({text:?}) }}),");
    }
    if let Some((constant, file)) = missing.first() {
        return Err(format!("the bundle holds no {file} for {constant}"));
    }
    Ok(format!("{constants}const ASSETS: &[(&str, Asset)] = &[\n{rows}];\n"))
}

/// `console-ABCD1234.css` is `console.css`.
fn without_hash(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let (stem, _) = stem.rsplit_once('-')?;
    Some(format!("{stem}.{ending}"))
}

fn said(doing: &'static str) -> impl Fn(io::Error) -> String {
    move |error| format!("could not {doing}: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_is_the_path_of_its_file_and_every_file_has_a_row() {
        let files = ["map-1A.js", "map-2B.css", "chunk-3C.js", "mark-4D.svg"].map(PathBuf::from);
        let table = table(&files, &[("SCRIPT", "map.js"), ("STYLE", "map.css")]).unwrap();
        assert!(table.starts_with(
            "const SCRIPT: &str = \"/assets/map-1A.js\";\nconst STYLE: &str = \"/assets/map-2B.css\";\nconst ASSETS"
        ));
        for row in ["(\"/assets/chunk-3C.js\", Asset { content_type: \"text/javascript", "(\"/assets/mark-4D.svg\""] {
            assert!(table.contains(row), "{table}");
        }
    }

    #[test]
    fn what_is_missing_or_of_an_unknown_type_stops_the_build() {
        let script = [PathBuf::from("map-1A.js")];
        assert!(table(&script, &[("STYLE", "map.css")]).unwrap_err().contains("no map.css for STYLE"));
        assert!(table(&[PathBuf::from("map-1A.png")], &[]).unwrap_err().contains("map-1A.png"));
    }
}
