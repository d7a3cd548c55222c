//! Puts the portal together: the table, the bucket, the queues and LINE, as the environment says.

use std::sync::Arc;

use app::broadcast::public::PublicPage;
use app::ports::Towns;
use app::report::outside::OutsideDesk;
use app::report::resident::ResidentDesk;
use app::town::CachedTowns;
use aws::Table;
use aws::api_keys::TableApiKeys;
use aws::broadcasts::TableBroadcasts;
use aws::chance::SystemChance;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::PortalEnvironment;
use aws::lambda::Fatal;
use aws::photo_copies::S3CopyAddresses;
use aws::photo_files::S3PhotoFiles;
use aws::photo_uploads::S3PhotoUploads;
use aws::pictures::S3PictureAddresses;
use aws::released::TablePublicReports;
use aws::report_jobs::{ReportQueues, SqsReportJobs};
use aws::reports::TableReports;
use aws::resident_sessions::TableResidentSessions;
use aws::town_store::TableTownStore;
use line::config::Endpoints;
use line::login::{LiffApps, LineLogins};

use crate::{Faces, Portal, ReportPages, Settings};

/// The portal of this environment.
pub async fn portal(environment: &PortalEnvironment) -> Result<Portal, Fatal> {
    let clients = &Clients::load().await;
    let table = Table::new(clients, environment.table_name.clone());
    let clock = Arc::new(SystemClock);
    let towns = Arc::new(CachedTowns::new(Arc::new(TableTownStore::new(table.clone(), clock.clone())), clock.clone()));
    let faces = Faces {
        released: Arc::new(TablePublicReports::new(table.clone())),
        pictures: Arc::new(S3CopyAddresses::new(&environment.pictures_base)),
        outside: OutsideDesk {
            keys: Arc::new(TableApiKeys::new(table.clone())),
            reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
            jobs: Arc::new(jobs(environment, clients)),
            clock: clock.clone(),
        },
        tiles: environment.map_tiles.clone(),
    };
    let broadcasts = TableBroadcasts::new(table.clone());
    let pictures = Arc::new(S3PictureAddresses::new(&environment.pictures_base));
    let public = PublicPage::new(Arc::new(broadcasts), towns.clone(), pictures, clock.clone());
    let portal = Portal::new(public, faces, towns.clone(), clock, &environment.pictures_base)?;
    Ok(match &environment.liff_id {
        Some(liff_ids) => {
            portal.with_reports(report_pages(environment, &liff_ids.parse()?, clients, &table, towns).await?)?
        }
        None => portal,
    })
}

/// The pages on which residents report damage, to which these LIFF apps lead.
async fn report_pages(
    environment: &PortalEnvironment,
    liff_apps: &LiffApps,
    clients: &Clients,
    table: &Table,
    towns: Arc<dyn Towns>,
) -> Result<ReportPages, Fatal> {
    // Only the keys are asked for; nothing is fetched from where LINE hands out contents.
    let line = Endpoints::new(&environment.line_api_base, &environment.line_api_base)?;
    let clock = Arc::new(SystemClock);
    let uploads = S3PhotoUploads::new(clients, environment.media_bucket.clone());
    let settings = Settings {
        liff_id: liff_apps.first().to_owned(),
        liff_script: environment.liff_script.clone(),
        map_tiles: environment.map_tiles.clone(),
        photos: uploads.origin().await?,
    };
    Ok(ReportPages {
        desk: ResidentDesk {
            reports: Arc::new(TableReports::new(table.clone(), clock.clone())),
            jobs: Arc::new(jobs(environment, clients)),
            uploads: Arc::new(uploads),
            files: Arc::new(S3PhotoFiles::new(clients, environment.media_bucket.clone())),
            towns,
            clock,
            chance: Arc::new(SystemChance),
        },
        logins: Arc::new(LineLogins::new(&line, liff_apps)?),
        sessions: Arc::new(TableResidentSessions::new(table.clone())),
        settings,
    })
}

fn jobs(environment: &PortalEnvironment, clients: &Clients) -> SqsReportJobs {
    let queues = ReportQueues {
        photos: Some(environment.photo_queue_url.clone()),
        changes: Some(environment.relay_queue_url.clone()),
        ..ReportQueues::default()
    };
    SqsReportJobs::new(clients, queues)
}
