//! Ids: each has one fallible way in, so that a value of the type is always well-formed.

mod report;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// A slug has 1 to 64 characters of `a-z`, `0-9` and `-`, and begins with a letter or a digit.
    #[error("an id has 1 to 64 characters of a-z, 0-9 and -, and begins with a letter or a digit")]
    Slug,
    /// A resident's id is `U` and 32 lower-case hex digits.
    #[error("a resident's id is U and 32 lower-case hex digits")]
    Resident,
    /// An event's id has 1 to 128 printable ASCII characters.
    #[error("an event's id has 1 to 128 printable ASCII characters")]
    Event,
}

/// Longest slug in characters.
pub const SLUG_CHARS_MAX: usize = 64;

fn is_slug(text: &str) -> bool {
    text.len() <= SLUG_CHARS_MAX
        && text.bytes().next().is_some_and(|first| first.is_ascii_lowercase() || first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

macro_rules! slug_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_slug(text) { Ok(Self(text.to_owned())) } else { Err(InvalidId::Slug) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                if is_slug(&text) { Ok(Self(text)) } else { Err(InvalidId::Slug) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

slug_ids! {
    /// A district (地区): where a resident lives.
    DistrictId;
    /// A collection area (収集区域): districts whose garbage is collected on the same days.
    AreaId;
    /// A topic (受信トピック): what a resident wants to hear.
    TopicId;
    /// A garbage category (ごみの分別).
    CategoryId;
    /// A waste item (品目): a thing that residents throw away.
    WasteItemId;
    /// A department (所管課).
    DepartmentId;
    /// A change of a collection (収集の変更).
    ChangeId;
    /// A kind of date that residents give of themselves (登録してもらう月).
    DateKindId;
    /// A member of staff (職員).
    StaffId;
    /// A broadcast (一斉配信): a UUID of version 7, or one computed from the rule that wrote the broadcast.
    BroadcastId;
    /// A template of broadcasts (ひな形): a UUID of version 7.
    TemplateId;
    /// An audience that a department keeps under a name: a UUID of version 7.
    SavedAudienceId;
    /// A rule that writes broadcasts by itself (お知らせ予約): a UUID of version 7, or [`RuleId::garbage`].
    RuleId;
    /// A damage report (損傷報告): a UUID of version 7, minted when the report is begun.
    ReportId;
    /// A kind of report (種別).
    ReportKindId;
    /// A question about a kind of report (追加の質問), unique within the kind.
    QuestionId;
    /// A template of answers to reports (返信のひな形).
    AnswerTemplateId;
    /// A photo of a report (写真): a UUID; that of a photo from the chat is computed from the message that carries it.
    PhotoId;
}

impl RuleId {
    /// The rule of the garbage reminders, of which a town has one.
    #[must_use]
    pub fn garbage() -> Self {
        Self("garbage".to_owned())
    }
}

impl DateKindId {
    /// The kind that every town has, without a row in its data: the birth month of a child.
    pub const CHILD: &str = "child";

    /// That kind.
    #[must_use]
    pub fn child() -> Self {
        Self(Self::CHILD.to_owned())
    }

    /// Whether it is the birth month of a child.
    #[must_use]
    pub fn is_child(&self) -> bool {
        self.0 == Self::CHILD
    }
}

/// A resident's id: the LINE user id that the webhook names, `U` and 32 lower-case hex digits.
///
/// It is personal data: `Debug` shows only its first digits, and there is no `Display`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResidentId(String);

impl ResidentId {
    /// The whole id, for the table and for addressing a message; never for a log.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first two hex digits: residents are kept in these 256 partitions.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.0[1..3]
    }
}

impl FromStr for ResidentId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let digits = text.strip_prefix('U').ok_or(InvalidId::Resident)?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if digits.len() == 32 && digits.bytes().all(is_hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId::Resident)
        }
    }
}

impl TryFrom<String> for ResidentId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<ResidentId> for String {
    fn from(id: ResidentId) -> Self {
        id.0
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({}…)", &self.0[..5])
    }
}

/// The id of something that happened: the platform's event id, or one computed from the event where it has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(String);

impl EventId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EventId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let fits = (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidId::Event) }
    }
}

impl TryFrom<String> for EventId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_lower_case_ascii() {
        for good in ["a", "kandenchi", "area-1", "2f"] {
            assert_eq!(good.parse::<TopicId>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "A", "日本", "a b", "a/b", &"a".repeat(65)] {
            assert_eq!(bad.parse::<TopicId>(), Err(InvalidId::Slug), "{bad}");
        }
    }

    #[test]
    fn a_resident_id_is_the_documented_shape_and_hides_itself() {
        let id: ResidentId = "U4af4980629f3a1c7b2d6e85014cb7d90".parse().unwrap();
        assert_eq!(id.partition(), "4a");
        assert_eq!(format!("{id:?}"), "ResidentId(U4af4…)");
        for bad in ["", "U", "u4af4980629f3a1c7b2d6e85014cb7d90", "U4AF4980629f3a1c7b2d6e85014cb7d90", "U4af4"] {
            assert_eq!(bad.parse::<ResidentId>(), Err(InvalidId::Resident), "{bad}");
        }
    }

    #[test]
    fn ids_read_from_stored_data_are_checked_too() {
        assert!(serde_json_like::<TopicId>("Bad Id").is_err());
        assert!(serde_json_like::<EventId>("").is_err());
        assert!(serde_json_like::<TopicId>("good-id").is_ok());
    }

    fn serde_json_like<T: TryFrom<String, Error = InvalidId>>(text: &str) -> Result<T, InvalidId> {
        T::try_from(text.to_owned())
    }
}
