//! Pictures of broadcasts in the bucket, from where phones fetch them through the town's own address.
//!
//! | what | key |
//! | --- | --- |
//! | what a tap opens | `pictures/<id>/original.jpg` |
//! | what the chat shows | `pictures/<id>/preview.jpg` |

use app::error::{Error, Kind};
use app::pictures::Picture;
use app::ports::{PictureAddresses, PictureUrls, Pictures};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::primitives::ByteStream;
use domain::broadcast::content::PictureId;

use crate::clients::Clients;
use crate::failure::failed;

const KEEPING: &str = "keep a picture";
const READING: &str = "read a picture";
/// Nothing of a picture ever changes, so that every cache may keep it for good.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ORIGINAL: &str = "original";
const PREVIEW: &str = "preview";

/// [`Pictures`] in S3.
pub struct S3Pictures {
    client: Client,
    bucket: String,
    addresses: S3PictureAddresses,
}

/// [`PictureAddresses`] of the bucket, for whoever has no business in it.
pub struct S3PictureAddresses {
    base: String,
}

impl S3PictureAddresses {
    /// Pictures are found at `base`, such as `https://media.example.jp`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }
}

impl PictureAddresses for S3PictureAddresses {
    fn urls(&self, id: &PictureId) -> PictureUrls {
        let url = |kind| format!("{}/{}", self.base, key(id, kind));
        PictureUrls { original: url(ORIGINAL), preview: url(PREVIEW) }
    }
}

impl S3Pictures {
    /// In this bucket; phones find it at `base`, such as `https://media.example.jp`.
    #[must_use]
    pub fn new(clients: &Clients, bucket: String, base: &str) -> Self {
        Self { client: clients.s3(), bucket, addresses: S3PictureAddresses::new(base) }
    }

    async fn put(&self, key: String, bytes: Vec<u8>) -> Result<(), Error> {
        let call = self.client.put_object().bucket(&self.bucket).key(key);
        let call = call.content_type("image/jpeg").cache_control(FOR_EVER).body(ByteStream::from(bytes));
        call.send().await.map(drop).map_err(|error| failed(KEEPING, error))
    }
}

#[async_trait]
impl Pictures for S3Pictures {
    async fn keep(&self, id: &PictureId, picture: &Picture) -> Result<(), Error> {
        // The original first: where there is a preview, there is everything.
        self.put(key(id, ORIGINAL), picture.original.clone()).await?;
        self.put(key(id, PREVIEW), picture.preview.clone()).await
    }

    async fn preview(&self, id: &PictureId) -> Result<Option<Vec<u8>>, Error> {
        let answer = match self.client.get_object().bucket(&self.bucket).key(key(id, PREVIEW)).send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(failed(READING, error)),
        };
        let bytes = answer.body.collect().await.map_err(|error| Error::new(Kind::Transient, READING, error))?;
        Ok(Some(bytes.to_vec()))
    }
}

impl PictureAddresses for S3Pictures {
    fn urls(&self, id: &PictureId) -> PictureUrls {
        self.addresses.urls(id)
    }
}

fn key(id: &PictureId, kind: &str) -> String {
    format!("pictures/{}/{kind}.jpg", id.as_str())
}
