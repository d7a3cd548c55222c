//! What is built for `cargo test`: each library and program that has tests of its own, and no other, as linking it takes seconds.

use std::path::{Path, PathBuf};

use cargo_metadata::{MetadataCommand, Target};

use crate::files::{files, none, root, text};

/// How a test begins, whoever runs it.
const TESTS: &[&str] = &["#[test]", "#[tokio::test"];

/// Whether a file is part of a library or program: `main.rs` beside a `lib.rs` stands alone, and so does what has a name of its own.
fn holds(target: &Target, file: &Path) -> bool {
    let main = target.src_path.as_std_path();
    let folder = main.parent().expect("a file is in a folder");
    match main.file_name().and_then(|name| name.to_str()) {
        Some("lib.rs") => file.starts_with(folder) && file != folder.join("main.rs"),
        Some("main.rs") if !folder.join("lib.rs").is_file() => file.starts_with(folder),
        _ => file == main,
    }
}

#[test]
fn what_has_tests_is_built_for_them_and_nothing_else() {
    let root = root().canonicalize().expect("the repository is there");
    let mut tested: Vec<PathBuf> = files();
    tested.retain(|file| file.extension().is_some_and(|ending| ending == "rs"));
    tested.retain(|file| text(file).is_some_and(|text| TESTS.iter().any(|test| text.contains(test))));
    assert!(50 < tested.len(), "only {} files have tests", tested.len());
    let tested: Vec<PathBuf> = tested.iter().map(|file| root.join(file)).collect();
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo metadata answers");
    let mut complaints = Vec::new();
    let mut astray = tested.clone();
    for package in &metadata.packages {
        // What is there for tests alone is run by `cargo test`, or by its name; benchmarks, examples and build scripts are not.
        let mut run = package.targets.iter().filter(|target| target.is_lib() || target.is_bin() || target.is_test());
        astray.retain(|file| !run.clone().any(|target| holds(target, file)));
        for target in run.by_ref().filter(|target| !target.is_test()) {
            let kind = if target.is_lib() { "library" } else { "program" };
            let has_tests = tested.iter().any(|file| holds(target, file));
            let named = format!("{kind} {}", target.name);
            match (has_tests, target.test) {
                (true, false) => complaints.push(format!("the tests of {named} never run: `test = false`")),
                (false, true) => complaints.push(format!("{named} has no tests: say `test = false`")),
                (true, true) | (false, false) => {}
            }
        }
    }
    complaints.extend(astray.iter().map(|file| format!("{}: no program has these tests", file.display())));
    none(&complaints);
}
