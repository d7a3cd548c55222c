//! Puts the ticker together: the table, the bucket and the queue, as the environment says. It asks nothing of LINE.

use std::sync::Arc;

use app::checkup::Pulse;
use app::ports::checkup::Runner;
use app::reminder::tick::Ticker;
use app::town::CachedTowns;
use aws::Table;
use aws::broadcasts::TableBroadcasts;
use aws::checkup::TableCheckups;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::ReminderEnvironment;
use aws::frozen::S3FrozenParts;
use aws::pictures::S3PictureAddresses;
use aws::reminders::TableReminders;
use aws::sending_queues::SqsSendingQueues;
use aws::town_store::TableTownStore;
use line::compose::LineComposer;

/// The ticker of this environment, and the sign that it ran.
#[must_use]
pub fn wired(environment: ReminderEnvironment, clients: &Clients) -> (Ticker, Pulse) {
    let clock = Arc::new(SystemClock);
    let table = Table::new(clients, environment.table_name);
    let town_store = Arc::new(TableTownStore::new(table.clone(), clock.clone()));
    let heartbeats = Arc::new(TableCheckups::new(table.clone()));
    let pulse = Pulse { runner: Runner::Reminder, heartbeats, clock: clock.clone() };
    let ticker = Ticker {
        rules: Arc::new(TableReminders::new(table.clone())),
        broadcasts: Arc::new(TableBroadcasts::new(table)),
        frozen: Arc::new(S3FrozenParts::new(clients, environment.media_bucket)),
        queues: Arc::new(SqsSendingQueues::of_routine_parts(clients, environment.routine_parts_url)),
        composer: Arc::new(LineComposer),
        pictures: Arc::new(S3PictureAddresses::new(&environment.pictures_base)),
        towns: Arc::new(CachedTowns::new(town_store, clock.clone()).always_present()),
        clock,
    };
    (ticker, pulse)
}
