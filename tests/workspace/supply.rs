//! What others made is pinned, down to its bytes where its registry tells them, and what the pages bring along may be used.
//!
//! Licences, bans and sources of crates are asked by cargo-deny (`tests/supply/run`, `.deny.toml`). Why so: `infra/decisions/supply.md`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::files::{files, none, root, text};

/// Licences of what is bundled into the pages of console and portal, as SPDX names them.
const LICENCES: &[&str] = &["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

/// Packages, by the beginning of their names, that say something else of their licence: LINE's SDK points at the agreement that whoever
/// has a channel has accepted, and one that it brings is in the public domain.
const OTHER_TERMS: &[(&str, &str)] = &[
    ("@liff/", "SEE LICENSE IN README.md"),
    ("@line/liff", "SEE LICENSE IN README.md"),
    ("tiny-sha256", "Public domain"),
];

/// The source and the checksum of a crate in a `Cargo.lock`.
const FROM_CRATES_IO: &str = "\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"";

fn name(file: &Path) -> &str {
    file.file_name().and_then(|name| name.to_str()).expect("names of files are UTF-8")
}

/// All files of a name.
fn named(wanted: &str) -> Vec<PathBuf> {
    let found: Vec<PathBuf> = files().into_iter().filter(|file| name(file) == wanted).collect();
    assert!(1 < found.len(), "there is only {found:?} of {wanted}");
    found
}

fn read(file: &Path) -> String {
    text(file).unwrap_or_else(|| panic!("{} is no text", file.display()))
}

fn json(file: &Path) -> Value {
    serde_json::from_str(&read(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The packages of a `package-lock.json`, with their names, without the one whose lock it is.
fn locked(lock: &Value) -> Vec<(&str, &Value)> {
    let packages = lock["packages"].as_object().expect("a lock has packages");
    let others = packages.iter().filter(|(path, _)| !path.is_empty());
    others.map(|(path, package)| (path.rsplit("node_modules/").next().unwrap_or(path), package)).collect()
}

/// Whether a line of requirements names one version of one package, and nothing but hashes of its files beside it.
fn is_pinned(requirement: &str) -> bool {
    let mut words = requirement.split_whitespace();
    let Some((package, version)) = words.next().and_then(|word| word.split_once("==")) else { return false };
    let is_plain =
        |text: &str| !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || "._-".contains(it));
    is_plain(package) && is_plain(version) && words.all(|word| word.starts_with("--hash=sha256:"))
}

/// Whether a version in a `package.json` is a version and not a range or an address.
fn is_exact(version: &str) -> bool {
    version.split('.').count() == 3
        && version.starts_with(|first: char| first.is_ascii_digit())
        && version.chars().all(|it| it.is_ascii_alphanumeric() || ".-".contains(it))
}

/// What is wrong with a command that installs, if a line has one.
fn forgets(line: &str) -> Option<&'static str> {
    let has = |part: &str| line.contains(part);
    // In two halves, so that this file does not find itself.
    if [concat!("npm in", "stall"), concat!("npm ", "i "), concat!("np", "x ")].into_iter().any(has) {
        Some("npm ci is what keeps to the lock")
    } else if has(concat!("cargo in", "stall ")) && !(has("--version ") && has("--locked")) {
        Some("a program from crates.io wants --version and --locked")
    } else if has(concat!("pip in", "stall ")) && !(has(" -r ") || has("--requirement ")) {
        Some("pip wants a list in which all is pinned")
    } else {
        None
    }
}

/// Whether a package that is bundled into a page may be, by what it says of its licence.
fn may_be_bundled(package: &str, licence: &str) -> bool {
    LICENCES.contains(&licence)
        || OTHER_TERMS.iter().any(|(start, terms)| package.starts_with(start) && licence == *terms)
}

#[test]
fn crates_come_from_crates_io_with_their_checksums() {
    let mut complaints = Vec::new();
    for lock in named("Cargo.lock") {
        for package in read(&lock).split("[[package]]").skip(1) {
            if package.contains("\nsource = ") && !package.contains(FROM_CRATES_IO) {
                complaints.push(format!("{}: {}", lock.display(), package.trim()));
            }
        }
    }
    none(&complaints);
}

#[test]
fn packages_of_npm_are_pinned() {
    let mut complaints = Vec::new();
    for manifest in named("package.json") {
        let package = json(&manifest);
        for kind in ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides"] {
            for (used, version) in package[kind].as_object().into_iter().flatten() {
                if !version.as_str().is_some_and(is_exact) {
                    complaints.push(format!("{}: {used} {version} is no exact version", manifest.display()));
                }
            }
        }
        let lock = manifest.with_file_name("package-lock.json");
        if !root().join(&lock).is_file() {
            complaints.push(format!("{} is missing", lock.display()));
            continue;
        }
        for (used, package) in locked(&json(&lock)) {
            if !package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")) {
                complaints.push(format!("{}: {used} has no hash", lock.display()));
            }
        }
    }
    none(&complaints);
}

#[test]
fn packages_of_python_are_pinned() {
    let lists: Vec<PathBuf> = files().into_iter().filter(|file| name(file).starts_with("requirements")).collect();
    assert!(5 < lists.len(), "only {lists:?} were found");
    let mut complaints = Vec::new();
    for list in lists {
        for line in read(&list).replace("\\\n", " ").lines() {
            let requirement = line.split('#').next().unwrap_or_default().trim();
            if !requirement.is_empty() && !is_pinned(requirement) {
                complaints.push(format!("{}: {requirement}", list.display()));
            }
        }
    }
    none(&complaints);
}

#[test]
fn what_is_installed_is_pinned() {
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| !["Cargo.lock", "package-lock.json"].contains(&name(file))) {
        let Some(text) = text(file) else { continue };
        for line in text.replace("\\\n", " ").lines() {
            complaints.extend(forgets(line).map(|fault| format!("{}: {}: {fault}", file.display(), line.trim())));
        }
    }
    none(&complaints);
}

#[test]
fn what_the_pages_bring_along_may_be_used() {
    let mut complaints = Vec::new();
    for lock in named("package-lock.json").iter().filter(|lock| lock.starts_with("functions")) {
        let contents = json(lock);
        let packages = locked(&contents);
        assert!(!packages.is_empty(), "{} is empty", lock.display());
        for (package, locked) in packages {
            let licence = locked["license"].as_str().unwrap_or("no licence");
            if !may_be_bundled(package, licence) {
                complaints.push(format!("{}: {package}: {licence}", lock.display()));
            }
        }
    }
    none(&complaints);
}

#[test]
fn what_is_not_pinned_is_seen() {
    assert!(is_pinned("ruamel.yaml==0.19.1"));
    assert!(is_pinned("six==1.17.0 --hash=sha256:00 --hash=sha256:11"));
    for loose in [
        "six",
        "six>=1.17",
        "six==1.*",
        "six===1.17",
        "six==1.17 ; os_name",
        "-r other.txt",
        "git+https://example.com/six",
    ] {
        assert!(!is_pinned(loose), "{loose}");
    }
    assert!(is_exact("1.2.3") && is_exact("10.20.30-beta"));
    for loose in ["^1.2.3", "~1.2.3", "1.2", "1.2.x || 2", "*", "latest", "https://example.com/a.b.tgz"] {
        assert!(!is_exact(loose), "{loose}");
    }
}

#[test]
fn commands_that_install_the_newest_are_seen() {
    let install = "install";
    for loose in [
        format!("npm {install}"),
        format!("cargo {install} cargo-fuzz --locked"),
        format!("cargo {install} cargo-fuzz --version 1.0.0"),
        format!("target/venv/bin/pip {install} boto3"),
    ] {
        assert!(forgets(&loose).is_some(), "{loose}");
    }
    for pinned in [
        "npm ci --silent".to_owned(),
        format!("cargo {install} cargo-fuzz --version 1.0.0 --locked"),
        format!("target/venv/bin/pip {install} --quiet -r requirements.txt"),
    ] {
        assert!(forgets(&pinned).is_none(), "{pinned}");
    }
    assert!(may_be_bundled("leaflet", "BSD-2-Clause") && may_be_bundled("@liff/core", "SEE LICENSE IN README.md"));
    assert!(!may_be_bundled("leaflet", "SEE LICENSE IN README.md") && !may_be_bundled("leaflet", "GPL-3.0-only"));
}
