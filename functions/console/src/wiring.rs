//! Puts the console together: the table, LINE and the issuer, as the environment says.

use std::sync::Arc;

use app::broadcast::desk::BroadcastDesk;
use app::broadcast::past::History;
use app::broadcast::planner::Audiences;
use app::broadcast::templates::TemplateDesk;
use app::ports::Towns;
use app::ports::staff::Accounts;
use app::reminder::desk::ReminderDesk;
use app::report::desk::ReportDesk;
use app::report::relay::Reach;
use app::report::release::ReleaseDesk;
use app::report::systems::SystemDesk;
use app::town::CachedTowns;
use app::town::edit::TownDesk;
use app::watch::WatchDesk;
use aws::Table;
use aws::accounts::UserPool;
use aws::api_keys::TableApiKeys;
use aws::audit::TableAudit;
use aws::broadcasts::TableBroadcasts;
use aws::candidates::TableAudienceSource;
use aws::chance::SystemChance;
use aws::checkup::TableCheckups;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::ConsoleEnvironment;
use aws::followers::TableImports;
use aws::frozen::S3FrozenParts;
use aws::hooks::TableHooks;
use aws::lambda::Fatal;
use aws::ledgers::TableLedgers;
use aws::photo_copies::{S3CopyAddresses, S3PhotoCopies};
use aws::photo_files::S3PhotoFiles;
use aws::pictures::S3Pictures;
use aws::questions::TableQuestions;
use aws::reach_counts::TableReachCounts;
use aws::reminders::TableReminders;
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::reports::TableReports;
use aws::resident_counts::TableResidentCounts;
use aws::secrets::{StoredChannelSecrets, client_secret};
use aws::sending_queues::SqsSendingQueues;
use aws::sessions::TableSessions;
use aws::staff::TableStaff;
use aws::templates::TableTemplates;
use aws::town_store::TableTownStore;
use aws::uploads::TableUploads;
use aws::watch::SqsFlowQueues;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts as LineTimeouts};
use line::messenger::LineMessenger;

use crate::Console;
use crate::oidc::{EmailTrust, OpenIdIssuer, Settings, Timeouts};

/// The console of this environment.
pub async fn console(environment: ConsoleEnvironment) -> Result<Console, Fatal> {
    let clients = Clients::load().await;
    let clock = Arc::new(SystemClock);
    let table = Table::new(&clients, environment.table_name.clone());
    let town_store = Arc::new(TableTownStore::new(table.clone(), clock.clone()));
    let channel = Arc::new(StoredChannelSecrets::new(&clients, environment.line_secret_id.clone(), clock.clone()));
    let endpoints = Endpoints::new(&environment.line_api_base, &environment.line_data_base)?;
    let line = LineClient::new(endpoints, LineTimeouts::prompt(), channel, clock.clone())?;
    let messenger = Arc::new(LineMessenger::new(line));
    let staff = Arc::new(TableStaff::new(table.clone(), clock.clone()));
    let accounts = environment.staff_pool_id.clone().map(|pool| UserPool::new(&clients, pool));
    let uploads = Arc::new(TableUploads::new(table.clone(), clock.clone()));
    let rules = Arc::new(TableReminders::new(table.clone()));
    let towns: Arc<dyn Towns> = Arc::new(CachedTowns::new(town_store.clone(), clock.clone()).always_present());
    let broadcasts = broadcasts(&environment, &clients, &table, towns.clone(), staff.clone(), messenger.clone());
    let reports = reports(&environment, &clients, &table);
    let photo_files = Arc::new(S3PhotoFiles::new(&clients, environment.media_bucket.clone()));
    Ok(Console {
        staff: staff.clone(),
        sessions: Arc::new(TableSessions::new(table.clone(), clock.clone())),
        audit: Arc::new(TableAudit::new(table.clone())),
        checks: Arc::new(TableAudit::new(table.clone())),
        towns: towns.clone(),
        desk: TownDesk::new(town_store, uploads, staff.clone()),
        questions: Arc::new(TableQuestions::new(table.clone(), clock.clone())),
        counts: Arc::new(TableResidentCounts::new(table.clone(), clock.clone())),
        imports: Arc::new(TableImports::new(table.clone(), clock.clone())),
        messenger: messenger.clone(),
        reach: messenger.clone(),
        quotas: messenger.clone(),
        watch: watch(&environment, &clients, &table),
        issuer: Arc::new(issuer(&environment, &clients).await?),
        accounts: accounts.map(|accounts| -> Arc<dyn Accounts> { Arc::new(accounts) }),
        email_trust: EmailTrust::of(&environment.staff_email_trust),
        clock,
        chance: Arc::new(SystemChance),
        reminders: ReminderDesk { rules, broadcasts: broadcasts.clone() },
        releases: ReleaseDesk {
            desk: reports.clone(),
            files: photo_files.clone(),
            copies: Arc::new(S3PhotoCopies::new(&clients, environment.pictures_bucket.clone())),
            addresses: Arc::new(S3CopyAddresses::new(&environment.pictures_base)),
            chance: Arc::new(SystemChance),
        },
        reports,
        photo_files,
        systems: systems(&environment, &table),
        map_tiles: environment.map_tiles,
        broadcasts,
        templates: templates(&table),
        address: environment.console_address,
    })
}

/// Where staff work with broadcasts.
fn broadcasts(
    environment: &ConsoleEnvironment,
    clients: &Clients,
    table: &Table,
    towns: Arc<dyn Towns>,
    staff: Arc<TableStaff>,
    messages: Arc<LineMessenger>,
) -> BroadcastDesk {
    let clock = Arc::new(SystemClock);
    let (parts, runs) = (environment.parts.clone(), environment.runs.clone());
    BroadcastDesk {
        history: History {
            broadcasts: Arc::new(TableBroadcasts::new(table.clone())),
            frozen: Arc::new(S3FrozenParts::new(clients, environment.media_bucket.clone())),
            ledgers: Arc::new(TableLedgers::new(table.clone())),
        },
        audiences: Audiences { source: Arc::new(TableAudienceSource::new(table.clone(), clock.clone())), towns, staff },
        queues: Arc::new(SqsSendingQueues::new(clients, Some(parts), Some(runs))),
        quotas: messages.clone(),
        messages,
        pictures: Arc::new(S3Pictures::new(clients, environment.pictures_bucket.clone(), &environment.pictures_base)),
        counts: Arc::new(TableReachCounts::new(table.clone(), clock.clone())),
        clock,
    }
}

/// Where staff work with damage reports.
fn reports(environment: &ConsoleEnvironment, clients: &Clients, table: &Table) -> ReportDesk {
    let clock = Arc::new(SystemClock);
    let (notices, changes) = (Some(environment.notice_queue_url.clone()), Some(environment.relay_queue_url.clone()));
    ReportDesk {
        reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
        jobs: Arc::new(SqsReportJobs::new(clients, ReportQueues { notices, changes, ..ReportQueues::default() })),
        clock,
    }
}

/// What administrators do with other systems.
fn systems(environment: &ConsoleEnvironment, table: &Table) -> SystemDesk {
    SystemDesk {
        keys: Arc::new(TableApiKeys::new(table.clone())),
        hooks: Arc::new(TableHooks::new(table.clone())),
        reach: Reach::of(environment.hooks_local.as_deref()),
        chance: Arc::new(SystemChance),
        clock: Arc::new(SystemClock),
    }
}

/// What administrators see of whether all runs.
fn watch(environment: &ConsoleEnvironment, clients: &Clients, table: &Table) -> WatchDesk {
    let kept = Arc::new(TableCheckups::new(table.clone()));
    WatchDesk {
        queues: Arc::new(SqsFlowQueues::new(clients, environment.watched.clone())),
        checkups: kept.clone(),
        heartbeats: kept,
        broadcasts: Arc::new(TableBroadcasts::new(table.clone())),
        audit: Arc::new(TableAudit::new(table.clone())),
        clock: Arc::new(SystemClock),
    }
}

/// What departments keep to write broadcasts with.
fn templates(table: &Table) -> TemplateDesk {
    let kept = Arc::new(TableTemplates::new(table.clone()));
    TemplateDesk { templates: kept.clone(), audiences: kept, clock: Arc::new(SystemClock) }
}

/// Who vouches for the staff.
async fn issuer(environment: &ConsoleEnvironment, clients: &Clients) -> Result<OpenIdIssuer, Fatal> {
    let client_secret = match &environment.staff_secret_id {
        Some(secret_id) => Some(client_secret(clients, secret_id).await?),
        None => None,
    };
    let settings = Settings {
        issuer: environment.staff_issuer.clone(),
        client_id: environment.staff_client_id.clone(),
        client_secret,
        discovery_url: environment.staff_discovery.clone(),
    };
    Ok(OpenIdIssuer::new(settings, Timeouts::default())?)
}
