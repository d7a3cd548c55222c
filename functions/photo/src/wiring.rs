//! Puts the taking of photos together: the table, the bucket and LINE, as the environment says.

use std::sync::Arc;

use app::report::photo::Photos;
use aws::Table;
use aws::clients::Clients;
use aws::clock::SystemClock;
use aws::environment::PhotoEnvironment;
use aws::lambda::Fatal;
use aws::photo_copies::S3PhotoCopies;
use aws::photo_files::S3PhotoFiles;
use aws::photo_uploads::S3PhotoOriginals;
use aws::reports::TableReports;
use aws::secrets::StoredChannelSecrets;
use line::client::LineClient;
use line::config::{Endpoints, Timeouts};
use line::photo_source::LinePhotoSource;

/// What takes photos in this environment.
pub fn photos(environment: PhotoEnvironment, clients: &Clients) -> Result<Photos, Fatal> {
    let clock = Arc::new(SystemClock);
    let table = Table::new(clients, environment.table_name);
    let secrets = Arc::new(StoredChannelSecrets::new(clients, environment.line_secret_id, clock.clone()));
    let endpoints = Endpoints::new(&environment.line_api_base, &environment.line_data_base)?;
    let line = LineClient::new(endpoints, Timeouts::files(), secrets, clock.clone())?;
    Ok(Photos {
        reports: Arc::new(TableReports::new(table, clock.clone())),
        files: Arc::new(S3PhotoFiles::new(clients, environment.media_bucket.clone())),
        originals: Arc::new(S3PhotoOriginals::new(clients, environment.media_bucket)),
        source: Arc::new(LinePhotoSource::new(line)),
        copies: Arc::new(S3PhotoCopies::new(clients, environment.pictures_bucket)),
        clock,
    })
}
