//! All functions are built with the same features of what they share, so that it is compiled once and not once for each.
//!
//! Each function is built alone (decision `how-functions-are-built`). Two that ask for different features of a crate deep down have
//! everything that stands on it compiled twice, the clients of AWS among it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::tree::tree;

fn functions() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions");
    let found =
        fs::read_dir(folder).expect("there are functions").map(|entry| entry.expect("it can be read").file_name());
    found.map(|name| name.into_string().expect("names are ASCII")).collect()
}

#[test]
fn what_functions_share_has_the_same_features_in_each() {
    let mut features: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    let functions = functions();
    assert!(8 < functions.len(), "only {functions:?} were found");
    for function in functions {
        for line in tree(&function, "normal,build", "{p}|{f}").lines() {
            let line = line.trim_end_matches(" (*)");
            let (package, with) = line.split_once('|').expect("a line has its features");
            features
                .entry(package.to_owned())
                .or_default()
                .entry(with.to_owned())
                .or_default()
                .insert(function.clone());
        }
    }
    assert!(100 < features.len(), "functions are built of {} crates only", features.len());
    let differing: Vec<_> = features.iter().filter(|(_, each)| 1 < each.len()).collect();
    assert!(
        differing.is_empty(),
        "functions ask for different features of what they share; name all of them in shared/aws/Cargo.toml: {differing:#?}"
    );
}
