//! `town`: checks a town's folder, loads it into the table, puts its rich menu into LINE, checks the LINE channel, and looks
//! after what is kept about people. The same command for a city
//! after `sam deploy` and for the local city. Problems are printed for the people who edit the files.

mod arguments;
mod channel;
mod folder;
mod menu;
mod print;
mod resident;
mod run;
mod tables;

use std::process::ExitCode;

use app::error::Chain;
use clap::Parser as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match run::run(arguments).await {
        Ok(run::Outcome::Well) => ExitCode::SUCCESS,
        Ok(run::Outcome::Problems) => ExitCode::FAILURE,
        Err(error) => {
            print::failure(&Chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
