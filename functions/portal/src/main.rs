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
    let towns = CachedTowns::new(Arc::new(TableTownStore::new(table.clone(), clock.clone())), clock.clone());
    let pictures = S3PictureAddresses::new(&environment.pictures_base);
    let broadcasts = TableBroadcasts::new(table);
    let page = PublicPage::new(Arc::new(broadcasts), Arc::new(towns), Arc::new(pictures), clock);
    let portal = Portal::new(page, &environment.pictures_base)?;
    serve_http(|request| portal.answer(request)).await
}
