//! Which released reports are wanted, as it stands behind the question mark of an address.

use domain::ids::{DistrictId, ReportId, ReportKindId};
use domain::language::Language;
use domain::report::Standing;
use domain::report::release::PublicReport;
use form_urlencoded::Serializer;
use maud::{Markup, html};

use super::Look;
use crate::frame::japanese;
use crate::query::{LANG, Query};

/// The names in an address.
const STANDING: &str = "standing";
const KIND: &str = "kind";
const DISTRICT: &str = "district";
const BEFORE: &str = "before";

/// Standings as everybody sees them: in three colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Nobody works on it yet.
    Waiting,
    /// It is being mended.
    Working,
    /// Nobody does anything about it any more.
    Closed,
}

impl Group {
    pub(super) const ALL: [Self; 3] = [Self::Waiting, Self::Working, Self::Closed];

    pub(super) fn of(standing: Standing) -> Self {
        match standing {
            Standing::Received | Standing::Checking => Self::Waiting,
            Standing::Working => Self::Working,
            Standing::Done | Standing::Declined | Standing::Duplicate => Self::Closed,
        }
    }

    /// A word for addresses, files and the style.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Working => "working",
            Self::Closed => "closed",
        }
    }

    /// A word in its colour, with its shape.
    pub(super) fn badge(self, word: &str) -> Markup {
        html! { span class=(format!("stands stands-{}", self.name())) { span aria-hidden="true" { (self.shape()) } " " (word) } }
    }

    /// What tells it from the others without its colour.
    pub(super) fn shape(self) -> &'static str {
        match self {
            Self::Waiting => "●",
            Self::Working => "▲",
            Self::Closed => "■",
        }
    }
}

/// Which reports are wanted.
#[derive(Default)]
pub(super) struct Filter {
    group: Option<Group>,
    kind: Option<ReportKindId>,
    district: Option<DistrictId>,
    /// Only those that were begun before this one.
    pub(super) before: Option<ReportId>,
}

impl Filter {
    /// What an address asks for; `None` where that is nothing that there could be.
    pub(super) fn of(query: &Query<'_>) -> Option<Self> {
        let said = |name| query.said(name).filter(|said| !said.is_empty());
        let group = said(STANDING).map(|said| Group::ALL.into_iter().find(|group| group.name() == said));
        Some(Self {
            group: group.map_or(Some(None), |group| group.map(Some))?,
            kind: said(KIND).map(str::parse).transpose().ok()?,
            district: said(DISTRICT).map(str::parse).transpose().ok()?,
            before: said(BEFORE).map(str::parse).transpose().ok()?,
        })
    }

    pub(super) fn fits(&self, report: &PublicReport) -> bool {
        self.group.is_none_or(|group| group == Group::of(report.standing))
            && self.kind.as_ref().is_none_or(|kind| report.kind == *kind)
            && self.district.as_ref().is_none_or(|district| report.district.as_ref() == Some(district))
    }

    /// Whether not all are wanted.
    pub(super) fn is_set(&self) -> bool {
        self.group.is_some() || self.kind.is_some() || self.district.is_some()
    }

    /// The same at `path` in a language, from one report on.
    pub(super) fn address(&self, path: &str, language: Language, before: Option<&ReportId>) -> String {
        let language = Some(language).filter(|language| *language != Language::Japanese).map(|said| said.to_string());
        let said = [
            (STANDING, self.group.map(Group::name)),
            (KIND, self.kind.as_ref().map(ReportKindId::as_str)),
            (DISTRICT, self.district.as_ref().map(DistrictId::as_str)),
            (BEFORE, before.map(ReportId::as_str)),
            (LANG, language.as_deref()),
        ];
        let mut query = Serializer::new(String::new());
        query.extend_pairs(said.into_iter().filter_map(|(name, said)| Some((name, said?))));
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The form in which the filter is chosen, for the list or the map.
    pub(super) fn form(&self, look: &Look<'_>, path: &str) -> Markup {
        let (words, town) = (look.words(), look.town);
        let option =
            |value: &str, name: &str, is_chosen: bool| html! { option value=(value) selected[is_chosen] { (name) } };
        html! {
            form.filter method="get" action=(path) {
                label { (words.state) " "
                    select name=(STANDING) {
                        (option("", words.any, self.group.is_none()))
                        @for group in Group::ALL { (option(group.name(), &look.words_of(group), self.group == Some(group))) }
                    }
                }
                label { (words.kind) " "
                    select name=(KIND) {
                        (option("", words.any, self.kind.is_none()))
                        @for kind in &town.report_kinds {
                            (option(kind.id.as_str(), kind.name.in_language(look.language), self.kind.as_ref() == Some(&kind.id)))
                        }
                    }
                }
                @if !town.districts.is_empty() {
                    label { (words.district) " "
                        select name=(DISTRICT) lang=[japanese(look.language)] {
                            (option("", words.any, self.district.is_none()))
                            @for district in &town.districts {
                                (option(district.id.as_str(), &district.name, self.district.as_ref() == Some(&district.id)))
                            }
                        }
                    }
                }
                @if look.language != Language::Japanese { input type="hidden" name=(LANG) value=(look.language.to_string()); }
                button { (words.choose) }
            }
        }
    }
}
