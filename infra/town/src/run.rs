//! Does what the command line asks for.

use std::error::Error as StdError;
use std::sync::Arc;

use app::ports::{ChannelSecret, ChannelSecrets};
use app::town::problem::Severity;
use app::town::{Files, Reading, five374, load, read};
use aws::Table;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::secrets::StoredChannelSecrets;
use aws::town_store::TableTownStore;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::token::{ChannelCredentials, Freshness};

use crate::arguments::{Arguments, Command, Folder, Format, Load, Menu, Places};
use crate::{folder, menu, print};

/// How a command ended that did what it could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As asked for.
    Well,
    /// The data has errors.
    Problems,
}

type Fallible<T> = Result<T, Box<dyn StdError>>;

/// Does what the command line asks for.
pub(crate) async fn run(arguments: Arguments) -> Fallible<Outcome> {
    match arguments.command {
        Command::Check(folder) => {
            let (_, reading) = look(&folder)?;
            Ok(outcome(&reading))
        }
        Command::Load(load) => load_town(load).await,
        Command::Menu(menu) => {
            let Menu { folder, line_secret, accept_problems, places } = menu;
            let (files, reading) = look(&folder)?;
            if outcome(&reading) == Outcome::Problems && !accept_problems {
                print::not_loaded();
                return Ok(Outcome::Problems);
            }
            publish(&files, &reading, line_secret, &clients(&places).await, &places).await?;
            Ok(Outcome::Well)
        }
    }
}

async fn load_town(arguments: Load) -> Fallible<Outcome> {
    let Load { folder, table, accept_problems, line_secret, places } = arguments;
    let (files, reading) = look(&folder)?;
    if outcome(&reading) == Outcome::Problems && !accept_problems {
        print::not_loaded();
        return Ok(Outcome::Problems);
    }
    let clients = clients(&places).await;
    let store = TableTownStore::new(Table::new(&clients, table));
    print::loaded(&load(&store, &reading.data).await?);
    if let Some(secret) = line_secret {
        publish(&files, &reading, secret, &clients, &places).await?;
    }
    Ok(Outcome::Well)
}

/// Reads the folder and prints its problems.
fn look(arguments: &Folder) -> Fallible<(Files, Reading)> {
    let files = folder::read(&arguments.dir)?;
    let is_5374 = files.bytes("area_days.csv").is_some();
    let format = arguments.format.unwrap_or(if is_5374 { Format::Five374 } else { Format::Kairan });
    let reading = match format {
        Format::Kairan => read(&files),
        Format::Five374 => five374::read(&files, arguments.closures.into()),
    };
    print::problems(&reading.problems);
    Ok((files, reading))
}

fn outcome(reading: &Reading) -> Outcome {
    let is_error = |severity| severity == Severity::Error;
    let errors = reading.problems.iter().any(|problem| is_error(problem.severity()));
    if errors { Outcome::Problems } else { Outcome::Well }
}

async fn clients(places: &Places) -> Clients {
    let clients = Clients::load().await;
    match &places.endpoint_url {
        Some(url) => clients.at(url),
        None => clients,
    }
}

async fn publish(files: &Files, reading: &Reading, secret: String, clients: &Clients, places: &Places) -> Fallible<()> {
    if reading.data.menu.is_empty() {
        print::no_menu();
        return Ok(());
    }
    let clock = Arc::new(SystemClock);
    let secrets: Arc<dyn ChannelSecrets> = Arc::new(StoredChannelSecrets::new(clients, secret, clock.clone()));
    let credentials = move |freshness: Freshness| {
        let secrets = Arc::clone(&secrets);
        async move {
            let known = secrets.current().await?;
            let secret = match freshness {
                Freshness::Cached => known,
                Freshness::Fresh => secrets.renewed(&known).await?,
            };
            let ChannelSecret { channel_id, channel_secret } = secret.as_ref().clone();
            Ok(ChannelCredentials { channel_id, channel_secret })
        }
    };
    let endpoints = Endpoints::new(&places.line_api_base, &places.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::default(), Arc::new(credentials), clock)?;
    print::published(&menu::publish(&line, &reading.data.menu, files).await?);
    Ok(())
}
