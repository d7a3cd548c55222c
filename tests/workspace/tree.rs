//! What a crate is built of when it is built alone, as cargo says it.

use std::process::Command;

/// What is built into a crate, a line each in cargo's own format, such as `{p}` for name and version.
pub(crate) fn tree(name: &str, edges: &str, format: &str) -> String {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", name, "--edges", edges, "--prefix", "none", "--format", format])
        .output()
        .expect("cargo can be run");
    assert!(tree.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).expect("names are ASCII")
}
