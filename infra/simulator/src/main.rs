//! The simulator as a program: prints `{"simulator": URL, "lineData": URL}` when it is ready, ends with Ctrl-C or SIGTERM.

use std::io::{self, Write as _};

use clap::Parser;
use simulator::Options;

/// A LINE platform for one machine. Open the printed address in a browser for the phone.
#[derive(Parser)]
#[command(name = "simulator")]
struct Cli {
    #[command(flatten)]
    options: Options,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let cli = Cli::parse();
    simulator::serve(cli.options, |simulator| {
        writeln!(io::stdout(), r#"{{"simulator": "{}", "lineData": "{}"}}"#, simulator.url(), simulator.data_url())
    })
    .await
}
