//! Which crate may depend on which: `domain <- app <- {line, aws} <- functions` and the loader, `app <- openid <- line`, and nobody on the simulator.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::tree::tree;

/// Our crates and those of ours that they may use, directly. Crates that only tests use are not counted.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("app", &["domain"]),
    ("openid", &["app"]),
    ("line", &["app", "domain", "openid"]),
    ("aws", &["app", "domain"]),
    ("webhook", &["app", "aws", "domain", "line"]),
    ("inbox", &["app", "aws", "domain", "line"]),
    ("bundle", &[]),
    ("console", &["app", "aws", "bundle", "domain", "line", "openid"]),
    ("planner", &["app", "aws", "domain", "line"]),
    ("sender", &["app", "aws", "domain", "line"]),
    ("janitor", &["app", "aws", "domain", "line"]),
    ("photo", &["app", "aws", "line"]),
    ("notice", &["app", "aws", "line"]),
    ("relay", &["app", "aws"]),
    ("portal", &["app", "aws", "bundle", "domain", "line"]),
    ("reminder", &["app", "aws", "line"]),
    ("town", &["app", "aws", "domain", "line"]),
    ("simulator", &[]),
    ("simulation", &["domain"]),
    ("tests", &["app", "aws", "console", "domain", "inbox", "line", "portal", "simulator", "town", "webhook"]),
];

/// What makes a crate impure: `domain` may use none of it, even through others.
const IMPURE: &[&str] = &[
    "async-trait",
    "aws-*",
    "chrono",
    "futures*",
    "getrandom",
    "hyper*",
    "lambda*",
    "log",
    "rand*",
    "reqwest",
    "tokio*",
    "tracing*",
    "ureq",
    "uuid",
];

/// Vendors, of which `app` may name none.
const VENDORS: &[&str] = &["aws-*", "aws_*", "axum", "hyper*", "lambda*", "reqwest", "serde_dynamo"];

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().exec().expect("cargo metadata answers")
}

fn package<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    metadata.packages.iter().find(|package| package.name.as_str() == name).unwrap_or_else(|| panic!("no crate {name}"))
}

/// What a crate uses outside its tests.
fn uses(package: &Package) -> Vec<&str> {
    let built = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
    built.map(|dependency| dependency.name.as_str()).collect()
}

fn matches(name: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *pattern,
    })
}

#[test]
fn every_crate_keeps_to_the_arrows() {
    let metadata = metadata();
    let ours: Vec<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let (_, allowed) = ARROWS
            .iter()
            .find(|(of, _)| *of == name)
            .unwrap_or_else(|| panic!("{name} has no arrows: add it to ARROWS"));
        for used in uses(package).into_iter().filter(|used| ours.contains(used)) {
            assert!(allowed.contains(&used), "{name} must not depend on {used}");
        }
    }
    assert_eq!(ours.len(), ARROWS.len(), "ARROWS names a crate that does not exist");
}

#[test]
fn line_and_aws_do_not_meet_even_in_tests() {
    let metadata = metadata();
    for (one, other) in [("line", "aws"), ("aws", "line")] {
        let meets = package(&metadata, one).dependencies.iter().any(|dependency| dependency.name == other);
        assert!(!meets, "{one} must not depend on {other}");
    }
}

#[test]
fn only_the_tests_know_the_simulator() {
    for package in &metadata().packages {
        let knows = package.dependencies.iter().any(|dependency| dependency.name == "simulator");
        assert!(!knows || package.name.as_str() == "tests", "{} must not depend on the simulator", package.name);
    }
}

/// Every crate that is built into a crate, directly or through others, when it is built alone.
fn built_in(name: &str) -> Vec<String> {
    let tree = tree(name, "normal,no-proc-macro", "{p}");
    let names: Vec<String> = tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    assert!(5 < names.len(), "{name} is built of {names:?} only");
    names
}

#[test]
fn domain_is_pure_through_and_through() {
    let impure: Vec<String> = built_in("domain").into_iter().filter(|name| matches(name, IMPURE)).collect();
    assert!(impure.is_empty(), "domain must not depend on {impure:?}");
}

#[test]
fn app_names_no_vendor_even_through_others() {
    let vendors: Vec<String> = built_in("app").into_iter().filter(|name| matches(name, VENDORS)).collect();
    assert!(vendors.is_empty(), "app must not depend on {vendors:?}");
}

#[test]
fn a_crate_is_named_by_its_folder_and_shares_version_edition_and_lints() {
    let metadata = metadata();
    let versions: Vec<_> = metadata.packages.iter().map(|package| &package.version).collect();
    assert!(versions.windows(2).all(|pair| pair[0] == pair[1]), "versions differ: {versions:?}");
    for package in &metadata.packages {
        let folder = package.manifest_path.parent().and_then(|folder| folder.file_name());
        assert_eq!(folder, Some(package.name.as_str()));
        let manifest = std::fs::read_to_string(&package.manifest_path).expect("the manifest can be read");
        for line in ["version.workspace = true", "edition.workspace = true", "[lints]\nworkspace = true"] {
            assert!(manifest.contains(line), "{} lacks {line:?}", package.manifest_path);
        }
    }
}

#[test]
fn versions_stand_only_in_the_workspace() {
    let metadata = metadata();
    for package in &metadata.packages {
        let manifest = std::fs::read_to_string(&package.manifest_path).expect("the manifest can be read");
        let mut section = "";
        for line in manifest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with('[') {
                section = line;
            } else if section.contains("dependencies") {
                let shared = line.contains(".workspace = true") || line.contains("workspace = true");
                assert!(shared, "{}: {line}", package.manifest_path);
            }
        }
    }
}
