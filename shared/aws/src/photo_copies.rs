//! Copies of reports' photos that everybody may see, in the bucket of the pictures of broadcasts ([`crate::pictures`]), from where browsers
//! fetch them through the town's own address. Unlike those they are erased one day: they lie apart, so that whoever erases them can erase
//! nothing else, and no cache keeps them for long.
//!
//! | what | key |
//! | --- | --- |
//! | what a click opens | `released/<id>/original.jpg` |
//! | what pages show | `released/<id>/preview.jpg` |

use app::error::Error;
use app::pictures::Picture;
use app::ports::pictures::PhotoCopies;
use app::ports::{PictureAddresses, PictureUrls};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use domain::broadcast::content::PictureId;

use crate::clients::Clients;
use crate::failure::failed;

const KEEPING: &str = "keep a copy of a photo";
const ERASING: &str = "erase a copy of a photo";
const ORIGINAL: &str = "original";
const PREVIEW: &str = "preview";
/// What is hidden is gone from caches within so long.
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// [`PictureAddresses`] of the copies, for whoever shows them.
pub struct S3CopyAddresses {
    base: String,
}

impl S3CopyAddresses {
    /// Copies are found at `base`, such as `https://media.example.jp`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }
}

impl PictureAddresses for S3CopyAddresses {
    fn urls(&self, id: &PictureId) -> PictureUrls {
        let url = |kind| format!("{}/{}", self.base, key(id, kind));
        PictureUrls { original: url(ORIGINAL), preview: url(PREVIEW) }
    }
}

/// [`PhotoCopies`] in S3.
pub struct S3PhotoCopies {
    client: Client,
    bucket: String,
}

impl S3PhotoCopies {
    /// In this bucket.
    #[must_use]
    pub fn new(clients: &Clients, bucket: String) -> Self {
        Self { client: clients.s3(), bucket }
    }

    async fn put(&self, key: String, bytes: Vec<u8>) -> Result<(), Error> {
        let call = self.client.put_object().bucket(&self.bucket).key(key);
        let call = call.content_type("image/jpeg").cache_control(FOR_AN_HOUR).body(ByteStream::from(bytes));
        call.send().await.map(drop).map_err(|error| failed(KEEPING, error))
    }

    async fn remove(&self, key: String) -> Result<(), Error> {
        let call = self.client.delete_object().bucket(&self.bucket).key(key);
        call.send().await.map(drop).map_err(|error| failed(ERASING, error))
    }
}

#[async_trait]
impl PhotoCopies for S3PhotoCopies {
    async fn keep(&self, id: &PictureId, copy: &Picture) -> Result<(), Error> {
        self.put(key(id, ORIGINAL), copy.original.clone()).await?;
        self.put(key(id, PREVIEW), copy.preview.clone()).await
    }

    async fn erase(&self, id: &PictureId) -> Result<(), Error> {
        self.remove(key(id, ORIGINAL)).await?;
        self.remove(key(id, PREVIEW)).await
    }
}

fn key(id: &PictureId, kind: &str) -> String {
    format!("released/{}/{kind}.jpg", id.as_str())
}
