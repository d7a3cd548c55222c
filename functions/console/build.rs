//! Bundles `web/`: style, scripts and mark of the console.

use std::process::ExitCode;

fn main() -> ExitCode {
    bundle::web(&[
        ("STYLESHEET", "console.css"),
        ("SCRIPT", "console.js"),
        ("MAP_STYLESHEET", "map.css"),
        ("MAP_SCRIPT", "map.js"),
        ("MARK", "mark.svg"),
    ])
}
