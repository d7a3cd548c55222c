//! Bundles `web/` (style and scripts) with npm's esbuild and embeds the files under names that carry their hash.

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Whatever the bundle is made from; `node_modules` follows from the lock file.
const SOURCES: &[&str] =
    &["mark.svg", "package-lock.json", "package.json", "src", "style", "tsconfig.json", "../build.rs"];

fn main() -> ExitCode {
    for source in SOURCES {
        println!("cargo::rerun-if-changed=web/{source}");
    }
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    #[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
    let variable = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let web = package.join("web");
    let bundle = out.join("web");
    // Two builds at once (a check and `sam build`) share `web/node_modules`: one at a time.
    let turn = File::open(package.join("build.rs")).map_err(said("open build.rs"))?;
    turn.lock().map_err(said("wait for another build of the console"))?;
    install(&web)?;
    if bundle.exists() {
        fs::remove_dir_all(&bundle).map_err(said("remove the bundle of before"))?;
    }
    npm(&web, &["run", "--silent", "bundle", "--", &format!("--outdir={}", bundle.display())])?;
    let table = table(&bundle)?;
    fs::write(out.join("assets.rs"), table).map_err(said("write the table of assets"))
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
            "npm was not found. The console's style and scripts are bundled with Node.js 20.15 or \
             newer and its npm: install both (https://nodejs.org), then build again."
                .to_owned()
        }
        _ => format!("npm could not be started: {error}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    let hint = if arguments.first() == Some(&"ci") { "\nIs the package registry reached from here?" } else { "" };
    Err(format!("`npm {}` failed in functions/console/web ({}):\n{said}{hint}", arguments.join(" "), output.status))
}

/// The Rust table of what was bundled: path on the site, type, bytes; and the paths by their use.
fn table(bundle: &Path) -> Result<String, String> {
    let mut files: Vec<PathBuf> = fs::read_dir(bundle)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(said("list the bundle"))?;
    files.sort();
    let mut rows = String::new();
    let mut names = String::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let of_maps = name.starts_with("map-");
        let (constant, content_type) = match file.extension().and_then(|ending| ending.to_str()) {
            Some("css") if of_maps => ("MAP_STYLESHEET", "text/css; charset=utf-8"),
            Some("css") => ("STYLESHEET", "text/css; charset=utf-8"),
            Some("js") if of_maps => ("MAP_SCRIPT", "text/javascript; charset=utf-8"),
            Some("js") => ("SCRIPT", "text/javascript; charset=utf-8"),
            Some("svg") => ("MARK", "image/svg+xml"),
            _ => return Err(format!("the bundle holds {name}, whose type is not known to build.rs")),
        };
        let path = format!("/assets/{name}");
        // Writing into a string cannot fail.
        let _ = writeln!(names, "const {constant}: &str = {path:?};");
        let bytes = file.to_string_lossy();
        let _ = writeln!(
            rows,
            "    ({path:?}, Asset {{ content_type: {content_type:?}, bytes: include_bytes!({bytes:?}) }}),"
        );
    }
    Ok(format!("{names}const ASSETS: &[(&str, Asset)] = &[\n{rows}];\n"))
}

fn said(doing: &'static str) -> impl Fn(io::Error) -> String {
    move |error| format!("could not {doing}: {error}")
}
