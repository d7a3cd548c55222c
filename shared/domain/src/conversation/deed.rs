//! What a resident did, as the conversation hears of it.

use jiff::Timestamp;

use super::{CodeShown, OwnReport};
use crate::ids::{EventId, ResidentId};
use crate::report::place::Point;

/// Something a resident did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The event.
    pub event: EventId,
    /// Who did it.
    pub resident: ResidentId,
    /// When, by the platform's clock.
    pub at: Timestamp,
    /// The platform's id of the message, where it is one: by that it is taken back later.
    pub message: Option<String>,
    /// What.
    pub deed: Deed,
}

/// What a resident did.
#[derive(Clone, PartialEq, Eq)]
pub enum Deed {
    /// Followed the account, or unblocked it.
    Followed,
    /// Blocked the account.
    Unfollowed,
    /// Wrote a text.
    Said(String),
    /// Tapped something of ours that sent this data.
    Tapped(String),
    /// Wrote a one-time code of the staff, which was looked up (or was not).
    ShowedCode(CodeShown),
    /// Asked for the reports that they filed or follow, which were looked up: the latest first.
    AskedReports(Vec<OwnReport>),
    /// Sent a photo that the platform holds for us.
    SentPhoto {
        /// The message that carries it.
        message: String,
        /// Among those that were sent together, its place from 1; they arrive in any order.
        index: Option<u8>,
        /// How many were sent together.
        total: Option<u8>,
        /// What those that were sent together have in common.
        set: Option<String>,
    },
    /// Sent a place from a map.
    SentPlace {
        /// Where it is.
        point: Point,
        /// What it is called; may be empty.
        title: String,
        /// Its address; may be empty.
        address: String,
    },
    /// Took a message back.
    Unsent {
        /// Which.
        message: String,
    },
    /// Sent another thing that is not text.
    Sent(Thing),
    /// Did something that needs no answer (the platform may invent more).
    Other,
}

impl std::fmt::Debug for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Followed => f.write_str("Followed"),
            Self::Unfollowed => f.write_str("Unfollowed"),
            Self::Said(text) => write!(f, "Said({} bytes)", text.len()),
            Self::Tapped(data) => write!(f, "Tapped({} bytes)", data.len()),
            Self::ShowedCode(code) => write!(f, "ShowedCode({code:?})"),
            Self::AskedReports(reports) => write!(f, "AskedReports({})", reports.len()),
            Self::SentPhoto { .. } => f.write_str("SentPhoto"),
            Self::SentPlace { .. } => f.write_str("SentPlace"),
            Self::Unsent { .. } => f.write_str("Unsent"),
            Self::Sent(thing) => write!(f, "Sent({thing:?})"),
            Self::Other => f.write_str("Other"),
        }
    }
}

/// A thing that a resident can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A photo that the platform does not hold.
    Photo,
    /// A place that is nowhere on the earth.
    Place,
    /// A sticker.
    Sticker,
    /// A video.
    Video,
    /// A voice message.
    Audio,
    /// A file.
    File,
    /// Something that this version does not know.
    Unknown,
}
