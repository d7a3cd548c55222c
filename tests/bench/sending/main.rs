//! How fast broadcasts are frozen and sent, and what they cost: `tests/bench/run sending`, `freezing` and `costs` call this.
//!
//! The use cases and the way to LINE are the real ones, and so is the simulator of LINE, in a process of its own. The stores are in
//! memory, since nothing on one machine carries the load that AWS does; they take the time that AWS takes. Where what is asked of AWS
//! is counted, the functions run as they are deployed, against a small AWS of this program.

mod aws;
mod costs;
mod crowd;
mod freezing;
#[expect(dead_code, reason = "other benchmarks measure from its start")]
#[path = "../function/mod.rs"]
mod function;
mod lambda;
mod office;
mod pace;
mod processor;
mod residents;
mod simulator;
mod speed;
mod stores;
mod town;

use std::error::Error;
use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clap::{Args, Parser};
use serde_json::Value;

/// What an error of a benchmark may be.
type Failure = Box<dyn Error>;

/// Measures the sending of broadcasts.
#[derive(Parser)]
enum Command {
    /// Sends at LINE's limit and latency, and prints how well the pace, the lanes and the stop are kept.
    Pace {
        #[command(flatten)]
        platform: Platform,
        /// How long the table takes for a page of residents, 1 MB, in milliseconds.
        #[arg(long)]
        page_ms: u64,
    },
    /// Sends as fast as one sender can, and prints calls and processor time of each round.
    Speed {
        #[command(flatten)]
        platform: Platform,
        /// How many rounds.
        #[arg(long)]
        rounds: u32,
    },
    /// Lets the planner freeze everybody, and prints how long it takes and what memory.
    Freezing {
        /// The function's program.
        #[arg(long)]
        planner: String,
        /// How many residents there are.
        #[arg(long)]
        residents: usize,
    },
    /// Lets planner and senders send, and prints what they asked of AWS and LINE.
    Costs {
        #[command(flatten)]
        platform: Platform,
        /// The planner's program.
        #[arg(long)]
        planner: String,
        /// The sender's program.
        #[arg(long)]
        sender: String,
        /// To how many residents; once for each number.
        sizes: Vec<usize>,
    },
}

/// The simulator that stands for LINE.
#[derive(Args)]
struct Platform {
    /// Its address.
    #[arg(long)]
    simulator: String,
    /// So many friends the account has; they are made if need be.
    #[arg(long)]
    friends: usize,
}

fn main() -> Result<(), Failure> {
    match Command::parse() {
        Command::Pace { platform, page_ms } => print(&pace::measure(&platform, Duration::from_millis(page_ms))?),
        Command::Speed { platform, rounds } => print(&speed::measure(&platform, rounds)?),
        Command::Freezing { planner, residents } => print(&freezing::measure(&planner, residents)?),
        Command::Costs { platform, planner, sender, sizes } => {
            print(&costs::measure(&platform, &planner, &sender, &sizes)?)
        }
    }
}

/// Locks a mutex; a panic elsewhere does not hide what was measured.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn print(figures: &Value) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{figures}")?)
}
