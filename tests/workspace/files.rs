//! What every file of the repository looks like.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The only names at the top of the repository, beside dotfiles.
const TOP: &[&str] =
    &["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "functions", "infra", "shared", "template.yaml", "tests"];
/// A file of code has fewer lines.
const LINES_MAX: usize = 700;
/// The `main.rs` of a function only wires, in at most so many lines.
const MAIN_LINES_MAX: usize = 40;
/// Endings of files that people write and read as code.
const CODE: &[&str] = &["css", "html", "js", "mjs", "py", "rs", "sh", "ts"];

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the repository").to_owned()
}

/// Every file that git holds or would take, by its path from the top.
pub(crate) fn files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("git can be run");
    assert!(listed.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("paths are UTF-8");
    let mut files: Vec<PathBuf> = listed.split_terminator('\0').map(PathBuf::from).collect();
    files.retain(|file| root().join(file).is_file());
    assert!(50 < files.len(), "git lists only {} files", files.len());
    files
}

fn has_ending(file: &Path, endings: &[&str]) -> bool {
    file.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| endings.contains(&ending))
}

/// The text of a file; `None` if it holds none.
pub(crate) fn text(file: &Path) -> Option<String> {
    String::from_utf8(fs::read(root().join(file)).expect("the file can be read")).ok()
}

/// The complaints about files, all at once.
#[track_caller]
pub(crate) fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn the_top_holds_only_what_belongs_there() {
    let files = files();
    let tops: BTreeSet<&str> = files.iter().filter_map(|file| file.iter().next()?.to_str()).collect();
    let strangers: Vec<String> = tops
        .iter()
        .filter(|top| !top.starts_with('.') && !TOP.contains(top))
        .map(|top| format!("{top} at the top"))
        .collect();
    none(&strangers);
}

#[test]
fn no_file_of_code_is_too_long() {
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| has_ending(file, CODE)) {
        let lines = text(file).map_or(0, |text| text.lines().count());
        if LINES_MAX <= lines {
            complaints.push(format!("{}: {lines} lines", file.display()));
        }
    }
    none(&complaints);
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| has_ending(file, &["rs"])) {
        let text = text(file).expect("code is UTF-8");
        let first = text.lines().find(|line| !line.is_empty() && !line.starts_with("#![") && !line.starts_with("// "));
        if !first.is_some_and(|first| first.strip_prefix("//! ").is_some_and(|words| words.contains(' '))) {
            complaints.push(format!("{}: does not begin with a sentence after //!", file.display()));
        }
    }
    none(&complaints);
}

#[test]
fn the_main_of_a_function_only_wires() {
    let mains: Vec<PathBuf> =
        files().into_iter().filter(|file| file.starts_with("functions") && file.ends_with("src/main.rs")).collect();
    assert!(!mains.is_empty(), "there are no functions");
    for main in mains {
        let lines = text(&main).expect("code is UTF-8").lines().count();
        assert!(lines <= MAIN_LINES_MAX, "{}: {lines} lines", main.display());
    }
}

#[test]
fn nothing_is_left_to_do_and_no_test_is_skipped() {
    // In two halves, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("#[ig", "nore"), concat!("to", "do!(")];
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| has_ending(file, CODE) || has_ending(file, &["yaml", "md", "toml"])) {
        let text = text(file).unwrap_or_default();
        let found = marks.iter().filter(|mark| text.contains(**mark));
        complaints.extend(found.map(|mark| format!("{}: {mark}", file.display())));
    }
    none(&complaints);
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    let homes = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("C:", "\\Us"),
    ];
    let mut complaints = Vec::new();
    for file in files() {
        let text = text(&file).unwrap_or_default();
        let named = homes.iter().filter(|home| names_path(&text, home));
        complaints.extend(named.map(|home| format!("{}: {home}", file.display())));
    }
    none(&complaints);
}

/// Whether a text names a path that begins so, and not only a longer one that has it inside (`https://host/home/`, `$HOME/work/`).
fn names_path(text: &str, start: &str) -> bool {
    let is_inside =
        |before: Option<char>| before.is_some_and(|char| char.is_alphanumeric() || "}-_./)$".contains(char));
    text.match_indices(start).any(|(at, _)| !is_inside(text[..at].chars().next_back()))
}

#[test]
fn a_path_inside_another_is_not_taken_for_one() {
    let start = concat!("/ho", "me/");
    assert!(names_path(&format!("cd {start}me"), start));
    assert!(names_path(&format!("\"{start}me\""), start));
    assert!(!names_path(&format!("https://example.com{start}me"), start));
    assert!(!names_path(&format!("${{dir}}{start}me"), start));
}

#[test]
fn lock_files_name_no_registry_host() {
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| file.ends_with("package-lock.json")) {
        let text = text(file).expect("lock files are UTF-8");
        if text.contains("\"resolved\": \"http") {
            complaints
                .push(format!("{}: set omit-lockfile-registry-resolved in .npmrc and write it again", file.display()));
        }
    }
    let cargo = text(Path::new("Cargo.lock")).expect("lock files are UTF-8");
    let strangers = cargo
        .lines()
        .filter(|line| line.starts_with("source = ") && !line.contains("github.com/rust-lang/crates.io-index"));
    complaints.extend(strangers.map(|line| format!("Cargo.lock: {line}")));
    none(&complaints);
}
