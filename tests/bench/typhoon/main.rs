//! A typhoon on one machine, for what no stand-in of AWS carries: `tests/bench/run typhoon` calls this and writes the report.
//!
//! `webhook` runs as it is deployed, in several processes behind a stand-in of Lambda. What it queues goes through a FIFO queue in memory to
//! the use case of `inbox`, which answers by the real client at the simulator of LINE, a process of its own. `inbox` has the tests' table in
//! memory, because there is no stand-in of DynamoDB here that writes transactions. Broadcasts are frozen and sent as in `../sending`.
//! What was seen is printed as JSON; what is wrong is a list in it.

mod account;
mod aws;
mod broadcasts;
mod crew;
#[path = "../sending/crowd.rs"]
mod crowd;
mod events;
#[expect(dead_code, reason = "other benchmarks measure from its start, and its memory at its end")]
#[path = "../function/mod.rs"]
mod function;
mod functions;
mod inboxes;
mod log;
mod memory;
#[expect(dead_code, reason = "the benchmarks of sending ask more of it")]
#[path = "../sending/office.rs"]
mod office;
mod platform;
mod queue;
#[expect(dead_code, reason = "the benchmarks of sending ask more of it")]
#[path = "../sending/simulator.rs"]
mod simulator;
mod staff;
#[path = "../sending/stores.rs"]
mod stores;
mod storm;
#[path = "../console/times.rs"]
mod times;
mod watch;

use std::error::Error;
use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use clap::{Args, Parser};

/// What an error of this benchmark may be.
type Failure = Box<dyn Error + Send + Sync>;

/// Lets a typhoon pass over webhook, inbox, planners and senders.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    platform: Platform,
    /// The process id of the simulator, whose memory is looked at.
    #[arg(long)]
    simulator_process: u32,
    /// The program of `webhook`.
    #[arg(long)]
    webhook: String,
    /// So many processes of `webhook` there are.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=64))]
    processes: u16,
    /// So many `inbox` work at once.
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    inboxes: u16,
    /// So many requests come in a second.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    rate: u32,
    /// So long they come, in seconds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(30..=14_400))]
    seconds: u32,
    /// The same seed gives the same requests and faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// No typhoon but steady rain: nothing fails, nothing is killed, nothing is broadcast, and the memory is looked at each minute.
    #[arg(long)]
    soak: bool,
}

/// The simulator that stands for LINE.
#[derive(Args)]
struct Platform {
    /// Its address.
    #[arg(long)]
    simulator: String,
    /// So many friends the account has; they are made if need be.
    #[arg(long, default_value = "100000", value_parser = a_friend_at_least)]
    friends: usize,
}

/// A number of friends; a storm of nobody is none.
fn a_friend_at_least(text: &str) -> Result<usize, String> {
    let friends: usize = text.parse().map_err(|_| "a number is needed".to_owned())?;
    if (1..=1_720_000).contains(&friends) { Ok(friends) } else { Err("1 to 1,720,000 friends".to_owned()) }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let figures = storm::measure(&Options::parse()).await?;
    Ok(writeln!(io::stdout(), "{figures}")?)
}

/// Locks a mutex; a panic elsewhere does not hide what was measured.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
