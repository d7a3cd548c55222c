//! Bundles `web/`: style and scripts of damage reports.

use std::process::ExitCode;

fn main() -> ExitCode {
    bundle::web(&[
        ("REPORT_STYLE", "report.css"),
        ("REPORT_SCRIPT", "report.js"),
        ("RELEASED_SCRIPT", "released.js"),
        ("MAP_STYLE", "map.css"),
    ])
}
