//! Puts together what tells reporters: the table and LINE, as the environment says.

use std::sync::Arc;

use app::report::notice::Notices;
use app::town::CachedTowns;
use aws::Table;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::conversations::TableConversations;
use aws::environment::NoticeEnvironment;
use aws::lambda::Fatal;
use aws::reports::TableReports;
use aws::secrets::StoredChannelSecrets;
use aws::town_store::TableTownStore;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::login::LiffApps;
use line::messenger::LineMessenger;

/// What tells reporters in this environment.
pub fn notices(environment: NoticeEnvironment, clients: &Clients) -> Result<Notices, Fatal> {
    let clock = Arc::new(SystemClock);
    let liff: Option<LiffApps> = environment.liff_id.as_deref().map(str::parse).transpose()?;
    let table = Table::new(clients, environment.table_name);
    let secrets = Arc::new(StoredChannelSecrets::new(clients, environment.line_secret_id, clock.clone()));
    let endpoints = Endpoints::new(&environment.line_api_base, &environment.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::prompt(), secrets, clock.clone())?;
    let town_store = Arc::new(TableTownStore::new(table.clone(), clock.clone()));
    Ok(Notices {
        reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
        residents: Arc::new(TableConversations::new(table, clock.clone())),
        towns: Arc::new(CachedTowns::new(town_store, clock.clone())),
        messenger: Arc::new(LineMessenger::new(line)),
        links: liff.map(|apps| apps.links()),
        clock,
    })
}
