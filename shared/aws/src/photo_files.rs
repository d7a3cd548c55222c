//! The photos of reports in the bucket. Nobody but staff sees them, and they only by links that end after [`LINK_LIFE`].
//!
//! | what | key |
//! | --- | --- |
//! | what staff look at | `reports/<report>/<photo>.jpg` |
//! | what lists show | `reports/<report>/<photo>-small.jpg` |

use std::time::Duration;

use app::error::{Error, Kind};
use app::ports::reports::{CleanPhoto, PhotoFiles, PhotoLinks};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use domain::ids::{PhotoId, ReportId};

use crate::clients::Clients;
use crate::failure::failed;

/// For so long whoever has a link has the photo.
pub const LINK_LIFE: Duration = Duration::from_mins(5);

const KEEPING: &str = "keep a photo";
const ERASING: &str = "erase a photo";
const READING: &str = "read a photo";
const LINKING: &str = "make a link to a photo";
const LARGE: &str = "";
const SMALL: &str = "-small";

/// [`PhotoFiles`] in S3.
pub struct S3PhotoFiles {
    client: Client,
    bucket: String,
}

impl S3PhotoFiles {
    /// In this bucket.
    #[must_use]
    pub fn new(clients: &Clients, bucket: String) -> Self {
        Self { client: clients.s3(), bucket }
    }

    async fn put(&self, key: String, bytes: Vec<u8>) -> Result<(), Error> {
        let call = self.client.put_object().bucket(&self.bucket).key(key);
        let call = call.content_type("image/jpeg").cache_control("private").body(ByteStream::from(bytes));
        call.send().await.map(drop).map_err(|error| failed(KEEPING, error))
    }

    async fn remove(&self, key: String) -> Result<(), Error> {
        let call = self.client.delete_object().bucket(&self.bucket).key(key);
        call.send().await.map(drop).map_err(|error| failed(ERASING, error))
    }

    /// A link that is signed here: S3 is not asked.
    async fn link(&self, key: String) -> Result<String, Error> {
        let life =
            PresigningConfig::expires_in(LINK_LIFE).map_err(|error| Error::new(Kind::Permanent, LINKING, error))?;
        let signed = self.client.get_object().bucket(&self.bucket).key(key).presigned(life).await;
        Ok(signed.map_err(|error| failed(LINKING, error))?.uri().to_owned())
    }
}

#[async_trait]
impl PhotoFiles for S3PhotoFiles {
    async fn keep(&self, report: &ReportId, id: &PhotoId, photo: &CleanPhoto) -> Result<(), Error> {
        self.put(key(report, id, LARGE), photo.large.clone()).await?;
        self.put(key(report, id, SMALL), photo.small.clone()).await
    }

    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error> {
        self.remove(key(report, id, LARGE)).await?;
        self.remove(key(report, id, SMALL)).await
    }

    async fn large(&self, report: &ReportId, id: &PhotoId) -> Result<Option<Vec<u8>>, Error> {
        let call = self.client.get_object().bucket(&self.bucket).key(key(report, id, LARGE));
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(failed(READING, error)),
        };
        let bytes = answer.body.collect().await.map_err(|error| Error::new(Kind::Transient, READING, error))?;
        Ok(Some(bytes.to_vec()))
    }

    async fn links(&self, report: &ReportId, id: &PhotoId) -> Result<PhotoLinks, Error> {
        let large = self.link(key(report, id, LARGE)).await?;
        Ok(PhotoLinks { large, small: self.link(key(report, id, SMALL)).await? })
    }
}

fn key(report: &ReportId, id: &PhotoId, size: &str) -> String {
    format!("reports/{report}/{id}{size}.jpg")
}
