//! `portal`: the residents' web pages.

use std::sync::Arc;

use app::broadcast::public::PublicPage;
use app::town::CachedTowns;
use aws::Table;
use aws::broadcasts::TableBroadcasts;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::PortalEnvironment;
use aws::lambda::{Fatal, log, serve_http};
use aws::pictures::S3PictureAddresses;
use aws::town_store::TableTownStore;
use portal::Portal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fatal> {
    log();
    let environment = PortalEnvironment::load()?;
    let table = Table::new(&Clients::load().await, environment.table_name);
    let clock = Arc::new(SystemClock);
    let towns = Arc::new(CachedTowns::new(Arc::new(TableTownStore::new(table.clone(), clock.clone())), clock.clone()));
    let pictures = S3PictureAddresses::new(&environment.pictures_base);
    let broadcasts = TableBroadcasts::new(table);
    let public = PublicPage::new(Arc::new(broadcasts), towns.clone(), Arc::new(pictures), clock.clone());
    let portal = Portal::new(public, towns, clock, &environment.pictures_base)?;
    serve_http(|request| portal.answer(request)).await
}
