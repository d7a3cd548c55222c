//! The port [`PhotoSource`] on LINE: what its answers mean for a photo.

use app::error::{Error, Kind};
use app::ports::reports::{Fetched, PhotoSource};
use async_trait::async_trait;
use bytes::BytesMut;

use crate::client::error::LineError;
use crate::client::id::MessageId;
use crate::client::{Content, ContentStream, Gone, LineClient};

const FETCHING: &str = "fetch a photo";

/// The photos that residents send in the chat.
#[derive(Debug, Clone)]
pub struct LinePhotoSource {
    client: LineClient,
}

impl LinePhotoSource {
    /// Fetched through this client.
    #[must_use]
    pub fn new(client: LineClient) -> Self {
        Self { client }
    }
}

#[async_trait]
impl PhotoSource for LinePhotoSource {
    async fn fetch(&self, message: &str, bytes_max: u64) -> Result<Fetched, Error> {
        let id: MessageId = message.parse().map_err(|error| Error::new(Kind::Permanent, FETCHING, error))?;
        let fetched = match self.client.content(&id, bytes_max).await {
            Ok(Content::Ready(content)) => whole(content).await,
            Ok(Content::Gone(Gone::Unsent)) => Ok(Fetched::Withdrawn),
            Ok(Content::NotReady | Content::Gone(Gone::Missing)) => Ok(Fetched::Missing),
            Err(error) => Err(error),
        };
        match fetched {
            Err(LineError::TooLarge(_)) => Ok(Fetched::TooLarge),
            fetched => fetched.map_err(waited_out),
        }
    }
}

async fn whole(mut content: ContentStream) -> Result<Fetched, LineError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = content.next().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(Fetched::File(bytes.freeze()))
}

/// Whatever LINE says, the photo is a good one: its refusals are trouble of its own or of our set-up, and both end.
fn waited_out(error: LineError) -> Error {
    let kind = match error.kind() {
        Kind::Throttled => Kind::Throttled,
        Kind::Transient | Kind::Permanent => Kind::Transient,
    };
    Error::new(kind, FETCHING, error)
}
