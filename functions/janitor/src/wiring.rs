//! Puts together all that is done each minute: the table, the bucket, the queues and LINE, as the environment says.

use std::sync::Arc;

use app::broadcast::after::Afterwards;
use app::broadcast::janitor::Janitor;
use app::broadcast::past::History;
use app::checkup::{Checker, Pulse};
use app::followers::Importer;
use app::ports::checkup::Runner;
use app::report::erase::Eraser;
use app::report::withdraw::Forgetter;
use app::town::CachedTowns;
use aws::Table;
use aws::audit::TableAudit;
use aws::broadcasts::TableBroadcasts;
use aws::checkup::TableCheckups;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::JanitorEnvironment;
use aws::followers::TableImports;
use aws::frozen::S3FrozenParts;
use aws::lambda::Fatal;
use aws::ledgers::TableLedgers;
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::report_shelf::TableShelfWalks;
use aws::reports::TableReports;
use aws::secrets::StoredChannelSecrets;
use aws::sending_queues::SqsSendingQueues;
use aws::town_store::TableTownStore;
use aws::unfollows::TableUnfollows;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::followers::LineFollowers;
use line::messenger::LineMessenger;

use crate::Chores;

/// What is done each minute in this environment.
pub fn wired(environment: JanitorEnvironment, clients: &Clients) -> Result<Chores, Fatal> {
    let clock = Arc::new(SystemClock);
    let table = Table::new(clients, environment.table_name);
    let secrets = Arc::new(StoredChannelSecrets::new(clients, environment.line_secret_id, clock.clone()));
    let endpoints = Endpoints::new(&environment.line_api_base, &environment.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::default(), secrets, clock.clone())?;
    let importer = Importer {
        list: Arc::new(LineFollowers::new(line.clone())),
        imports: Arc::new(TableImports::new(table.clone(), clock.clone())),
        clock: clock.clone(),
    };
    let history = History {
        broadcasts: Arc::new(TableBroadcasts::new(table.clone())),
        frozen: Arc::new(S3FrozenParts::new(clients, environment.media_bucket)),
        ledgers: Arc::new(TableLedgers::new(table.clone())),
    };
    let queues = ReportQueues { photos: Some(environment.photo_queue_url), ..ReportQueues::default() };
    let forgetter = Forgetter {
        reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
        jobs: Arc::new(SqsReportJobs::new(clients, queues)),
        clock: clock.clone(),
    };
    let towns = Arc::new(CachedTowns::new(Arc::new(TableTownStore::new(table.clone(), clock.clone())), clock.clone()));
    let eraser = Eraser {
        reports: forgetter.reports.clone(),
        jobs: forgetter.jobs.clone(),
        walks: Arc::new(TableShelfWalks::new(table.clone())),
        towns: towns.clone(),
        clock: clock.clone(),
    };
    let unfollows = Arc::new(TableUnfollows::new(table.clone()));
    let (audit, checkups) = (Arc::new(TableAudit::new(table.clone())), Arc::new(TableCheckups::new(table)));
    let pulse = Pulse { runner: Runner::Janitor, heartbeats: checkups.clone(), clock: clock.clone() };
    let checker = Checker {
        quotas: Arc::new(LineMessenger::new(line)),
        unfollows: unfollows.clone(),
        log: audit.clone(),
        checks: audit,
        checkups,
        clock: clock.clone(),
    };
    let janitor = Janitor {
        broadcasts: history.broadcasts.clone(),
        ledgers: history.ledgers.clone(),
        queues: Arc::new(SqsSendingQueues::new(clients, Some(environment.parts), Some(environment.runs))),
        towns,
        after: Afterwards { history, unfollows, clock: clock.clone() },
        clock,
    };
    Ok(Chores { janitor, forgetter, eraser, checker, importer, pulse })
}
