//! How fast `webhook` is, beside the same in Node and Python. `tests/bench/run webhook` calls this for all three and compares.
//!
//! `bodies` writes the webhooks that everybody gets, `events` measures ours on them, and `first-answer` starts any function
//! and measures it from outside.

mod aws;
mod bodies;
mod events;
mod first_answer;
#[path = "../function/mod.rs"]
mod function;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Parser;
use serde_json::Value;

/// The channel secret of everybody.
const CHANNEL_SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";

/// Measures functions that take LINE's webhooks.
#[derive(Parser)]
enum Command {
    /// Writes signed webhooks of 1, 10 and 100 events into a folder, for the benchmarks in other languages.
    Bodies {
        /// The folder; it is made if need be.
        folder: PathBuf,
    },
    /// Prints how many events per second `line::webhook::receive` verifies, splits and addresses.
    Events {
        /// The folder that `bodies` wrote.
        folder: PathBuf,
    },
    /// Starts a function, gives it one webhook with one event, and prints when it answered and its peak memory.
    FirstAnswer {
        /// The function's program and its arguments.
        #[arg(required = true, last = true)]
        command: Vec<String>,
    },
}

fn main() -> Result<(), Box<dyn Error>> {
    match Command::parse() {
        Command::Bodies { folder } => bodies::write(&folder),
        Command::Events { folder } => print(&events::measure(&folder)?),
        Command::FirstAnswer { command } => print(&first_answer::measure(&command)?),
    }
}

fn print(figures: &Value) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{figures}")?)
}
