//! The port by which a broadcast's content becomes messages of the platform, which the platform is asked about before any goes out.

use async_trait::async_trait;
use domain::broadcast::content::{Content, PictureId};
use domain::language::Language;

use super::Messages;
use crate::error::Error;

/// Where the platform fetches a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureUrls {
    /// The picture that a tap opens.
    pub original: String,
    /// The smaller one in the chat.
    pub preview: String,
}

/// What the platform says of messages that were not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It would take them.
    Fine,
    /// It would not.
    Refused(Vec<Objection>),
    /// It could not be asked, or gave no clear answer: nobody knows.
    Unasked,
}

/// What the platform does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Where, such as `messages[0].contents.body`; empty where it does not say.
    pub property: String,
    /// Why, in its own words.
    pub words: String,
}

/// Puts broadcasts into the platform's words, without asking it.
pub trait Composer: Send + Sync {
    /// The messages of each wording of a content that is filled in, stamped and checked; the Japanese ones first. The very bytes
    /// that every call will send.
    fn compose_content(
        &self,
        content: &Content,
        pictures: &dyn Fn(&PictureId) -> PictureUrls,
    ) -> Result<Vec<(Language, Messages)>, Error>;
}

/// Puts broadcasts into the platform's words, and hears what it says of them.
#[async_trait]
pub trait BroadcastMessages: Composer {
    /// Asks the platform whether it would take messages. Nothing is sent.
    async fn validate(&self, messages: &Messages) -> Result<Verdict, Error>;
}
