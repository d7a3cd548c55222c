//! Puts the inbox together: the table, the queues and LINE, as the environment says.

use std::sync::Arc;

use app::inbox::Inbox;
use app::town::CachedTowns;
use aws::Table;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::conversations::TableConversations;
use aws::environment::InboxEnvironment;
use aws::lambda::Fatal;
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::reports::TableReports;
use aws::secrets::StoredChannelSecrets;
use aws::staff::TableStaff;
use aws::town_store::TableTownStore;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::login::LiffApps;
use line::messenger::LineMessenger;

/// The inbox of this environment.
pub fn wired(environment: InboxEnvironment, clients: &Clients) -> Result<Inbox, Fatal> {
    let clock = Arc::new(SystemClock);
    let liff: Option<LiffApps> = environment.liff_id.as_deref().map(str::parse).transpose()?;
    let table = Table::new(clients, environment.table_name);
    let secrets = Arc::new(StoredChannelSecrets::new(clients, environment.line_secret_id, clock.clone()));
    let endpoints = Endpoints::new(&environment.line_api_base, &environment.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::prompt(), secrets, clock.clone())?;
    let (photos, changes) = (Some(environment.photo_queue_url), Some(environment.relay_queue_url));
    Ok(Inbox {
        conversations: Arc::new(TableConversations::new(table.clone(), clock.clone())),
        messenger: Arc::new(LineMessenger::new(line)),
        towns: Arc::new(CachedTowns::new(Arc::new(TableTownStore::new(table.clone(), clock.clone())), clock.clone())),
        phone_codes: Arc::new(TableStaff::new(table.clone(), clock.clone())),
        reports: Arc::new(TableReports::new(table, clock.clone())),
        jobs: Arc::new(SqsReportJobs::new(clients, ReportQueues { photos, changes, ..ReportQueues::default() })),
        links: liff.map(|apps| apps.links()),
        clock,
    })
}
