//! Puts the planner together: the table, the bucket and the queues, as the environment says.

use std::sync::Arc;

use app::broadcast::past::History;
use app::broadcast::planner::{Audiences, Planner};
use app::town::CachedTowns;
use aws::Table;
use aws::broadcasts::TableBroadcasts;
use aws::candidates::TableAudienceSource;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::PlannerEnvironment;
use aws::frozen::S3FrozenParts;
use aws::ledgers::TableLedgers;
use aws::sending_queues::SqsSendingQueues;
use aws::staff::TableStaff;
use aws::town_store::TableTownStore;

/// The planner of this environment.
#[must_use]
pub fn planner(environment: PlannerEnvironment, clients: &Clients) -> Planner {
    let clock = Arc::new(SystemClock);
    let table = Table::new(clients, environment.table_name);
    let town_store = Arc::new(TableTownStore::new(table.clone(), clock.clone()));
    let audiences = Audiences {
        source: Arc::new(TableAudienceSource::new(table.clone(), clock.clone())),
        towns: Arc::new(CachedTowns::new(town_store, clock.clone())),
        staff: Arc::new(TableStaff::new(table.clone(), clock.clone())),
    };
    let history = History {
        broadcasts: Arc::new(TableBroadcasts::new(table.clone())),
        frozen: Arc::new(S3FrozenParts::new(clients, environment.media_bucket)),
        ledgers: Arc::new(TableLedgers::new(table)),
    };
    let queues = Arc::new(SqsSendingQueues::new(clients, Some(environment.parts), Some(environment.runs)));
    Planner { history, queues, audiences, clock }
}
