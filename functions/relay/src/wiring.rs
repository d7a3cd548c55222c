//! Puts together what tells other systems: the table, its own queue and the way out, as the environment says.

use std::sync::Arc;

use app::report::relay::{Reach, Relay};
use app::town::CachedTowns;
use aws::Table;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::RelayEnvironment;
use aws::hooks::TableHooks;
use aws::lambda::Fatal;
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::reports::TableReports;
use aws::town_store::TableTownStore;

use crate::calls::{HttpHookCalls, Timeouts};

/// What tells other systems in this environment.
pub fn relay(environment: RelayEnvironment, clients: &Clients) -> Result<Relay, Fatal> {
    let clock = Arc::new(SystemClock);
    let table = Table::new(clients, environment.table_name);
    let queues = ReportQueues { changes: Some(environment.relay_queue_url), ..ReportQueues::default() };
    let town_store = Arc::new(TableTownStore::new(table.clone(), clock.clone()));
    Ok(Relay {
        reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
        hooks: Arc::new(TableHooks::new(table)),
        jobs: Arc::new(SqsReportJobs::new(clients, queues)),
        towns: Arc::new(CachedTowns::new(town_store, clock.clone())),
        calls: Arc::new(HttpHookCalls::new(Timeouts::default())?),
        reach: Reach::of(environment.hooks_local.as_deref()),
        clock,
    })
}
