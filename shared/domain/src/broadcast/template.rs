//! What a department keeps to write its broadcasts with: templates (ひな形), each in versions, and audiences under a name.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::audience::Audience;
use super::content::Content;
use super::{Broadcast, Draft, Earnest, Lane, When};
use crate::ids::{DepartmentId, SavedAudienceId, StaffId, TemplateId};

/// A name has at most so many characters.
pub const NAME_CHARS_MAX: usize = 60;
/// So many versions of a template are kept, the newest.
pub const VERSIONS_KEPT: u64 = 50;

/// A template: what a broadcast can begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Which.
    pub id: TemplateId,
    /// What staff call it.
    pub name: SavedName,
    /// Whose it is, and the broadcasts that begin with it.
    pub department: DepartmentId,
    /// Whether those are meant.
    pub earnest: Earnest,
    /// How urgent they are.
    pub lane: Lane,
    /// Who saved this version.
    pub author: StaffId,
    /// When.
    pub saved_at: Timestamp,
    /// What they say.
    pub content: Content,
}

/// What a person may change of a template. Whose it is, and whether it is meant, is chosen with its first version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateDraft {
    /// What staff call it.
    pub name: SavedName,
    /// How urgent its broadcasts are.
    pub lane: Lane,
    /// What they say.
    pub content: Content,
}

/// An audience that a department keeps under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedAudience {
    /// Which.
    pub id: SavedAudienceId,
    /// What staff call it.
    pub name: SavedName,
    /// Whose it is.
    pub department: DepartmentId,
    /// Who is in it.
    pub audience: Audience,
}

/// The name of something that is kept: 1 to [`NAME_CHARS_MAX`] characters on one line. Two may have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SavedName(String);

/// A text that is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {NAME_CHARS_MAX} characters on one line")]
pub struct NoName;

impl SavedName {
    /// As much of a text as can be a name.
    pub fn cut(text: &str) -> Result<Self, NoName> {
        let plain: String = text.trim().chars().filter(|sign| !sign.is_control()).take(NAME_CHARS_MAX).collect();
        plain.parse()
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SavedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SavedName {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let name = text.trim();
        let fits = (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if fits { Ok(Self(name.to_owned())) } else { Err(NoName) }
    }
}

impl TryFrom<String> for SavedName {
    type Error = NoName;

    fn try_from(text: String) -> Result<Self, NoName> {
        text.parse()
    }
}

impl From<SavedName> for String {
    fn from(name: SavedName) -> Self {
        name.0
    }
}

impl Template {
    /// The first version of a new one.
    #[must_use]
    pub fn new(
        id: TemplateId,
        department: DepartmentId,
        earnest: Earnest,
        draft: TemplateDraft,
        author: StaffId,
        saved_at: Timestamp,
    ) -> Self {
        let TemplateDraft { name, lane, content } = draft;
        Self { id, name, department, earnest, lane, author, saved_at, content }
    }

    /// The first version of one that says what a broadcast says. A template of a drill is one of drills.
    #[must_use]
    pub fn of(broadcast: &Broadcast, id: TemplateId, name: SavedName, author: StaffId, saved_at: Timestamp) -> Self {
        let draft = TemplateDraft { name, lane: broadcast.lane, content: broadcast.content.clone() };
        Self::new(id, broadcast.department.clone(), broadcast.earnest, draft, author, saved_at)
    }

    /// What can be changed of it.
    #[must_use]
    pub fn draft(&self) -> TemplateDraft {
        let Self { name, lane, content, .. } = self.clone();
        TemplateDraft { name, lane, content }
    }

    /// The next version.
    #[must_use]
    pub fn saved(&self, draft: TemplateDraft, author: StaffId, saved_at: Timestamp) -> Self {
        Self::new(self.id.clone(), self.department.clone(), self.earnest, draft, author, saved_at)
    }

    /// What a broadcast that begins with it says at first. It is meant if the template is, and goes to everybody until
    /// somebody says to whom.
    #[must_use]
    pub fn beginning(&self) -> Draft {
        Draft {
            title: self.name.to_string(),
            department: self.department.clone(),
            content: self.content.clone(),
            audience: Audience::All,
            lane: self.lane,
            when: When::AtOnce,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcast::Origin;
    use crate::broadcast::content::{Message, Wording};
    use crate::language::Language;

    fn content(text: &str) -> Content {
        let wording = Wording { messages: vec![Message::Text(text.to_owned())] };
        Content { wordings: [(Language::Japanese, wording)].into() }
    }

    fn broadcast(title: &str, earnest: Earnest) -> Broadcast {
        let draft = Draft {
            title: title.to_owned(),
            department: "roads".parse().unwrap(),
            content: content("断水します"),
            audience: Audience::Areas(["east".parse().unwrap()].into()),
            lane: Lane::Emergency,
            when: When::At(noon()),
        };
        Broadcast::new("b".parse().unwrap(), draft, earnest, Origin::Staff, "taro".parse().unwrap())
    }

    fn noon() -> Timestamp {
        "2026-11-22T03:00:00Z".parse().unwrap()
    }

    fn of(broadcast: &Broadcast) -> Template {
        let name = SavedName::cut(&broadcast.title).unwrap();
        Template::of(broadcast, "t".parse().unwrap(), name, "hanako".parse().unwrap(), noon())
    }

    #[test]
    fn a_name_has_one_to_sixty_characters_on_one_line() {
        for (text, name) in [
            ("断水", Some("断水")),
            (" 断水　", Some("断水")),
            ("", None),
            (" 　", None),
            ("二\n行", None),
            (&"あ".repeat(60), Some(&*"あ".repeat(60))),
            (&"あ".repeat(61), None),
        ] {
            assert_eq!(text.parse::<SavedName>().ok().as_ref().map(SavedName::as_str), name, "{text:?}");
        }
        let stored: Result<SavedName, _> = serde_json::from_str(r#""""#);
        assert!(stored.is_err(), "what is stored is a name, too");
    }

    #[test]
    fn a_name_is_cut_from_any_title() {
        for (title, name) in [
            ("断水のお知らせ", Ok("断水のお知らせ")),
            (&"い".repeat(100), Ok(&*"い".repeat(60))),
            ("二\u{7}\n行", Ok("二行")),
            (" \u{7} ", Err(NoName)),
        ] {
            assert_eq!(SavedName::cut(title).as_ref().map(SavedName::as_str), name.as_ref().copied(), "{title:?}");
        }
    }

    #[test]
    fn a_template_says_what_its_broadcast_says_and_so_does_what_begins_with_it() {
        for earnest in [Earnest::Real, Earnest::Drill] {
            let original = broadcast("断水のお知らせ", earnest);
            let template = of(&original);
            assert_eq!(template.earnest, earnest);
            let begun = template.beginning();
            assert_eq!((begun.title.as_str(), &begun.content), ("断水のお知らせ", &original.content));
            assert_eq!((begun.lane, &begun.department), (Lane::Emergency, &original.department));
            // To whom and when is said anew each time.
            assert_eq!((begun.audience, begun.when), (Audience::All, When::AtOnce));
        }
    }

    #[test]
    fn a_new_version_changes_what_may_be_changed_and_nothing_else() {
        let first = of(&broadcast("断水", Earnest::Drill));
        let draft =
            TemplateDraft { name: "停電".parse().unwrap(), lane: Lane::Routine, content: content("停電します") };
        let later = noon() + jiff::SignedDuration::from_secs(1);
        let second = first.saved(draft.clone(), "jiro".parse().unwrap(), later);
        assert_eq!(second.draft(), draft);
        assert_eq!((second.author.as_str(), second.saved_at), ("jiro", later));
        assert_eq!((&second.id, &second.department, second.earnest), (&first.id, &first.department, Earnest::Drill));
        assert_eq!(second.saved(first.draft(), first.author.clone(), first.saved_at), first, "an older one comes back");
    }
}
