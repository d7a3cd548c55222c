//! The ports of the pictures that broadcasts show, and of those that everybody sees of damage reports.

use async_trait::async_trait;
use domain::broadcast::content::PictureId;

use super::PictureUrls;
use crate::error::Error;
use crate::pictures::Picture;

/// Where pictures are kept, and fetched by phones. Nothing of a picture ever changes: another one has another id.
#[async_trait]
pub trait Pictures: PictureAddresses {
    /// Keeps a picture. The same again changes nothing.
    async fn keep(&self, id: &PictureId, picture: &Picture) -> Result<(), Error>;

    /// The smaller one of a picture, a JPEG, to be shown to staff; `None` if there is none of this id.
    async fn preview(&self, id: &PictureId) -> Result<Option<Vec<u8>>, Error>;
}

/// Copies of reports' photos that everybody may see. They are found as pictures are, elsewhere; and they are erased one day.
#[async_trait]
pub trait PhotoCopies: Send + Sync {
    /// Keeps a copy. The same again changes nothing.
    async fn keep(&self, id: &PictureId, copy: &Picture) -> Result<(), Error>;

    /// Erases a copy; what is not there is erased.
    async fn erase(&self, id: &PictureId) -> Result<(), Error>;
}

/// Where pictures are, for whoever only shows them.
pub trait PictureAddresses: Send + Sync {
    /// Where phones and browsers fetch it, for years.
    fn urls(&self, id: &PictureId) -> PictureUrls;
}
