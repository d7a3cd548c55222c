//! How long a tick of the reminders takes: `tests/bench/run tick` calls this and prints the tables.
//!
//! `rules` gives the function minutes in which one of many rules is due, and such in which none is; `crowd` lets it and the planners
//! write and freeze for everybody. Both have a small AWS of this program, which answers at once. `city` watches them do the same in a
//! running local city.

#[expect(dead_code, reason = "the benchmarks of sending ask more of it")]
#[path = "../sending/aws.rs"]
mod aws;
mod city;
mod crowd;
mod fill;
#[expect(dead_code, reason = "other benchmarks measure from its start")]
#[path = "../function/mod.rs"]
mod function;
mod gate;
mod place;
#[path = "../sending/processor.rs"]
mod processor;
#[expect(dead_code, reason = "the benchmarks of sending ask more of them")]
#[path = "../sending/residents.rs"]
mod residents;
mod rules;
#[expect(dead_code, reason = "the benchmarks of sending ask more of it")]
#[path = "../sending/simulator.rs"]
mod simulator;
#[path = "../console/times.rs"]
mod times;
mod town;
mod tree;
mod watch;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use clap::Parser;
use serde_json::Value;

/// What an error of a benchmark may be.
type Failure = Box<dyn Error>;

/// Measures the tick.
#[derive(Parser)]
enum Command {
    /// Prints how long ticks take in which none of many rules is due, or one, and what they ask of the table.
    Rules {
        /// The function's program.
        #[arg(long)]
        reminder: String,
        /// How many rules there are.
        #[arg(long)]
        rules: u32,
    },
    /// Prints how long it takes from a tick until the last page for everybody is asked for.
    Crowd {
        /// The program of the function that ticks.
        #[arg(long)]
        reminder: String,
        /// The planner's program.
        #[arg(long)]
        planner: String,
        /// How many residents there are.
        #[arg(long)]
        residents: usize,
    },
    /// Prints the same of a running city, and how much of it is the city's AWS.
    City {
        /// The city's addresses, `target/city.json`.
        #[arg(long)]
        city: PathBuf,
        /// How many residents there are; they are made if need be.
        #[arg(long)]
        residents: usize,
        /// How many ticks are watched.
        #[arg(long)]
        rounds: u32,
    },
}

/// The simulator that stands for LINE.
struct Platform {
    simulator: String,
    friends: usize,
}

fn main() -> Result<(), Failure> {
    match Command::parse() {
        Command::Rules { reminder, rules } => print(&rules::measure(&reminder, rules)?),
        Command::Crowd { reminder, planner, residents } => print(&crowd::measure(&reminder, &planner, residents)?),
        Command::City { city, residents, rounds } => print(&city::measure(&city, residents, rounds)?),
    }
}

/// Locks a mutex; a panic elsewhere does not hide what was measured.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn print(figures: &Value) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{figures}")?)
}
