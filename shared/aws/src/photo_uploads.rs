//! Photos as browsers put them into the bucket, until `photo` has taken them over; after a week the bucket itself forgets them.
//!
//! | what | key |
//! | --- | --- |
//! | a file that nobody has looked at | `incoming/<report>/<photo>` |
//!
//! Two of them: [`S3PhotoUploads`] only signs, and [`S3PhotoOriginals`] reads and erases. No program needs both.

use std::time::Duration;

use app::error::{Error, Kind};
use app::ports::reports::{Fetched, PhotoOriginals, PhotoUploads, Upload};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::presigning::PresigningConfig;
use domain::ids::{PhotoId, ReportId};
use http::Uri;
use http::uri::InvalidUri;

use crate::clients::Clients;
use crate::failure::failed;

/// An upload has to begin within this time; then it may take as long as it takes.
pub const UPLOAD_LIFE: Duration = Duration::from_mins(10);

const FOLDER: &str = "incoming";
const LINKING: &str = "make a link for an upload";
const READING: &str = "read an uploaded photo";
const ERASING: &str = "erase an uploaded photo";
/// What a browser says by itself and lets no page say.
const BY_THE_BROWSER: [&str; 2] = ["host", "content-length"];

/// [`PhotoUploads`] by links that are signed here: S3 is not asked.
pub struct S3PhotoUploads {
    client: Client,
    bucket: String,
}

impl S3PhotoUploads {
    /// Into this bucket.
    #[must_use]
    pub fn new(clients: &Clients, bucket: String) -> Self {
        Self { client: clients.s3(), bucket }
    }

    /// Where the bucket's links lead, such as `https://bucket.s3.ap-northeast-1.amazonaws.com`.
    pub async fn origin(&self) -> Result<String, Error> {
        let invalid = |error: String| Error::new(Kind::Permanent, LINKING, error);
        let life = PresigningConfig::expires_in(UPLOAD_LIFE).map_err(|error| invalid(error.to_string()))?;
        let link = self.client.get_object().bucket(&self.bucket).key(FOLDER).presigned(life).await;
        let link = link.map_err(|error| failed(LINKING, error))?;
        let url: Uri = link.uri().parse().map_err(|error: InvalidUri| invalid(error.to_string()))?;
        let (scheme, host) =
            url.scheme_str().zip(url.authority()).ok_or_else(|| invalid("a link without host".to_owned()))?;
        Ok(format!("{scheme}://{host}"))
    }
}

#[async_trait]
impl PhotoUploads for S3PhotoUploads {
    async fn link(&self, report: &ReportId, photo: &PhotoId, bytes: u64, kind: &str) -> Result<Upload, Error> {
        let invalid = |error| Error::new(Kind::Permanent, LINKING, error);
        let life = PresigningConfig::expires_in(UPLOAD_LIFE).map_err(|error| invalid(error.to_string()))?;
        let bytes = i64::try_from(bytes).map_err(|error| invalid(error.to_string()))?;
        let put = self.client.put_object().bucket(&self.bucket).key(key(report, photo));
        let signed = put.content_length(bytes).content_type(kind).presigned(life).await;
        let signed = signed.map_err(|error| failed(LINKING, error))?;
        let said = signed.headers().filter(|(name, _)| !BY_THE_BROWSER.contains(name));
        let headers = said.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Upload { url: signed.uri().to_owned(), headers })
    }
}

/// [`PhotoOriginals`] in S3.
pub struct S3PhotoOriginals {
    client: Client,
    bucket: String,
}

impl S3PhotoOriginals {
    /// In this bucket.
    #[must_use]
    pub fn new(clients: &Clients, bucket: String) -> Self {
        Self { client: clients.s3(), bucket }
    }

    /// How many bytes an object has; `None` where there is none.
    ///
    /// It is looked for in the list of the folder: who may list the folder only is not told by a reading whether an object is not there
    /// or may not be read.
    async fn size(&self, key: &str) -> Result<Option<u64>, Error> {
        let list = self.client.list_objects_v2().bucket(&self.bucket).prefix(key).max_keys(1);
        let found = list.send().await.map_err(|error| failed(READING, error))?;
        let object = found.contents().iter().find(|object| object.key() == Some(key));
        Ok(object.map(|object| object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(u64::MAX)))
    }
}

#[async_trait]
impl PhotoOriginals for S3PhotoOriginals {
    async fn fetch(&self, report: &ReportId, id: &PhotoId, bytes_max: u64) -> Result<Fetched, Error> {
        let key = key(report, id);
        match self.size(&key).await? {
            None => return Ok(Fetched::Missing),
            Some(size) if bytes_max < size => return Ok(Fetched::TooLarge),
            Some(_) => {}
        }
        let answer = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(answer) => answer,
            // Two messages tell of each file: it was taken over and erased since it was listed.
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(Fetched::Missing),
            Err(error) => return Err(failed(READING, error)),
        };
        // It may have been put anew since then.
        if answer.content_length().is_none_or(|size| u64::try_from(size).is_ok_and(|size| bytes_max < size)) {
            return Ok(Fetched::TooLarge);
        }
        let file = answer.body.collect().await.map_err(|error| Error::new(Kind::Transient, READING, error))?;
        Ok(Fetched::File(file.into_bytes()))
    }

    async fn erase(&self, report: &ReportId, id: &PhotoId) -> Result<(), Error> {
        let call = self.client.delete_object().bucket(&self.bucket).key(key(report, id));
        call.send().await.map(drop).map_err(|error| failed(ERASING, error))
    }
}

/// Where a photo is put.
fn key(report: &ReportId, photo: &PhotoId) -> String {
    format!("{FOLDER}/{report}/{photo}")
}

/// Which photo is put there; `None` where none would be.
pub(crate) fn of_key(found: &str) -> Option<(ReportId, PhotoId)> {
    let (report, photo) = found.strip_prefix(FOLDER)?.strip_prefix('/')?.split_once('/')?;
    Some((report.parse().ok()?, photo.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_one_photo_and_odd_ones_none() {
        let (report, photo) = ("0199aaaa-0000-7000-8000-000000000001", "0199aaaa-0000-7000-8000-000000000002");
        let whole = format!("incoming/{report}/{photo}");
        let (of, id) = of_key(&whole).unwrap();
        assert_eq!((of.as_str(), id.as_str(), key(&of, &id)), (report, photo, whole.clone()));
        for odd in [
            format!("incoming/{report}"),
            format!("incoming/{report}/"),
            format!("incoming//{photo}"),
            format!("incoming/{report}/{photo}/"),
            format!("incoming/{report}/{photo}.jpg"),
            format!("incoming/{report}/a/{photo}"),
            format!("/{whole}"),
            format!("incomings/{report}/{photo}"),
            whole.replace("incoming", "reports"),
            String::new(),
        ] {
            assert_eq!(of_key(&odd), None, "{odd}");
        }
    }
}
