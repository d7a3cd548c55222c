//! `inbox`: one resident's events, in order, out of the inbox queue; each is answered, or set aside.

use std::sync::Arc;

use app::inbox::Inbox;
use app::town::CachedTowns;
use aws::Table;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::conversations::TableConversations;
use aws::dead_letters::SqsDeadLetters;
use aws::environment::InboxEnvironment;
use aws::lambda::{Fatal, log, serve_queue};
use aws::secrets::StoredChannelSecrets;
use aws::staff::TableStaff;
use aws::town_store::TableTownStore;
use inbox::handle;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::messenger::LineMessenger;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = InboxEnvironment::load()?;
    let clients = Clients::load().await;
    let clock = Arc::new(SystemClock);
    let table = Table::new(&clients, environment.table_name);
    let secrets = Arc::new(StoredChannelSecrets::new(&clients, environment.line_secret_id, clock.clone()));
    let endpoints = Endpoints::new(&environment.line_api_base, &environment.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::prompt(), secrets, clock.clone())?;
    let inbox = Inbox {
        conversations: Arc::new(TableConversations::new(table.clone(), clock.clone())),
        messenger: Arc::new(LineMessenger::new(line)),
        towns: Arc::new(CachedTowns::new(Arc::new(TableTownStore::new(table.clone(), clock.clone())), clock.clone())),
        phone_codes: Arc::new(TableStaff::new(table, clock.clone())),
        clock,
    };
    serve_queue(&SqsDeadLetters::new(&clients, environment.inbox_dead_letters_url), |body| handle(&inbox, body)).await
}
