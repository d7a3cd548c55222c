//! How fast the console makes its pages, and how large they are: `tests/bench/run console` calls this and prints the table.
//!
//! `pages` asks the router on stores in memory, so that no table's time is in it; `first-answer` starts the function and
//! measures it from outside; `city` lets the function make pages from the table of the local city.

mod city;
#[path = "../compounds.rs"]
mod compounds;
mod first_answer;
#[path = "../function/mod.rs"]
mod function;
mod pages;
mod request;
mod times;
mod town;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Parser;
use serde_json::Value;

/// Measures the console.
#[derive(Parser)]
enum Command {
    /// Prints how long each page takes the router, and its size; the pages and what they load are written into a folder.
    Pages {
        /// The folder; it is made if need be.
        folder: PathBuf,
    },
    /// Starts the function, asks for its style sheet, and prints when it answered and its peak memory.
    FirstAnswer {
        /// The function's program and its arguments.
        #[arg(required = true, last = true)]
        command: Vec<String>,
    },
    /// Prints how long pages of the local city take the function, and how much of it the city's AWS.
    City {
        /// The city's addresses, `target/city.json`.
        #[arg(long)]
        city: PathBuf,
        /// The cookie of a person who has signed in there.
        #[arg(long)]
        cookie: String,
        /// The function's program and its arguments.
        #[arg(required = true, last = true)]
        command: Vec<String>,
    },
}

fn main() -> Result<(), Box<dyn Error>> {
    match Command::parse() {
        Command::Pages { folder } => print(&pages::measure(&folder)?),
        Command::FirstAnswer { command } => print(&first_answer::measure(&command)?),
        Command::City { city, cookie, command } => print(&city::measure(&city, &cookie, &command)?),
    }
}

fn print(figures: &Value) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{figures}")?)
}
