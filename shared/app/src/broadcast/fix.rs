//! Fixing what a broadcast says: the very bytes that go are kept before anybody is told to send them.

use std::collections::BTreeSet;

use domain::broadcast::Broadcast;
use domain::broadcast::content::Content;
use domain::broadcast::content::placeholders::Placeholders;
use domain::ids::{BroadcastId, CategoryId};
use domain::language::Language;
use domain::sending::plan::{Plan, Variant};
use domain::text::hex;
use domain::town::Town;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::ports::Messages;
use crate::ports::broadcasts::FrozenParts;

/// So many wordings are kept side by side.
const SIDE_BY_SIDE: usize = 16;

/// A wording in the platform's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Composed {
    pub(crate) language: Language,
    /// The garbage categories that it names; empty in any other broadcast.
    pub(crate) categories: BTreeSet<CategoryId>,
    pub(crate) messages: Messages,
}

impl From<(Language, Messages)> for Composed {
    fn from((language, messages): (Language, Messages)) -> Self {
        Self { language, categories: BTreeSet::new(), messages }
    }
}

/// What a broadcast says, with the town's data filled in and stamped as a drill if it is one.
pub(crate) fn ready(broadcast: &Broadcast, town: &Town) -> Content {
    let placeholders = Placeholders::of(town, &broadcast.department);
    broadcast.content.filled(&placeholders).stamped(broadcast.earnest)
}

/// The name under which the words of a wording are kept.
pub(crate) fn digest(messages: &Messages) -> String {
    hex(&Sha256::digest(messages.0.as_bytes()))
}

/// Keeps the words of a broadcast: the plan by which they go to so many followers. The same again changes nothing.
pub(crate) async fn fix(
    frozen: &dyn FrozenParts,
    id: &BroadcastId,
    followers: u64,
    words: impl IntoIterator<Item = Composed>,
) -> Result<Plan, Error> {
    let mut kept: Vec<BoxFuture<'_, Result<Variant, Error>>> = Vec::new();
    for Composed { language, categories, messages } in words {
        kept.push(Box::pin(async move {
            let digest = digest(&messages);
            frozen.keep_words(id, &digest, &messages).await?;
            Ok(Variant { language, categories, digest })
        }));
    }
    let variants = stream::iter(kept).buffered(SIDE_BY_SIDE).try_collect().await?;
    Ok(Plan { parts: Plan::parts_for(followers), variants })
}
