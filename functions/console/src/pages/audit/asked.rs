//! What is asked of the log: its conditions as an address or a form has them.

use app::audit::{Filter, Place};
use domain::audit::{Action, Actor};
use domain::text::fold;
use jiff::civil::Date;

use crate::kit::Errors;
use crate::web::fields::Fields;
use crate::words::audit as words;
use crate::words::frame::Section;

pub(super) const FIRST: &str = "first";
pub(super) const LAST: &str = "last";
pub(super) const WHO: &str = "who";
pub(super) const WHAT: &str = "what";
pub(super) const DEPARTMENT: &str = "department";
pub(super) const TEXT: &str = "q";
/// All conditions, in the form's order.
const NAMES: [&str; 6] = [FIRST, LAST, WHO, WHAT, DEPARTMENT, TEXT];

pub(super) const COMMAND_LINE: &str = "command-line";
pub(super) const STRANGER: &str = "stranger";

/// Conditions, as they were typed and as they were understood.
pub(super) struct Asked {
    typed: Vec<(&'static str, String)>,
    pub(super) filter: Filter,
    pub(super) errors: Errors,
}

impl Asked {
    /// Reads them from an address, in which no text is searched for.
    pub(super) fn of_address(query: &Fields) -> Self {
        Self::with_text(query, "")
    }

    /// Reads them from a form.
    pub(super) fn read(form: &Fields) -> Self {
        Self::with_text(form, form.text(TEXT))
    }

    /// A choice that does not exist is none.
    fn with_text(fields: &Fields, text: &str) -> Self {
        let mut errors = Errors::default();
        let (first, last) = days(fields, (FIRST, LAST), &mut errors);
        let filter = Filter {
            first,
            last,
            actor: match fields.text(WHO) {
                COMMAND_LINE => Some(Actor::CommandLine),
                STRANGER => Some(Actor::Stranger),
                id => id.parse().ok().map(Actor::Staff),
            },
            action: action_of(fields.text(WHAT)),
            department: fields.text(DEPARTMENT).parse().ok(),
            text: fold(text),
        };
        let typed = NAMES.map(|name| (name, if name == TEXT { text } else { fields.text(name) }.to_owned())).to_vec();
        Self { typed, filter, errors }
    }

    /// What was typed into a field.
    pub(super) fn value(&self, name: &str) -> &str {
        self.typed.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// Whether a text is searched for.
    pub(super) fn has_text(&self) -> bool {
        !self.value(TEXT).is_empty()
    }

    /// The conditions that were set, for an address or hidden fields.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        let set = self.typed.iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// The address of the list with them.
    pub(super) fn address(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish();
        format!("{}?{query}", Section::Audit.path())
    }
}

fn action_of(name: &str) -> Option<Action> {
    words::ACTIONS.into_iter().find(|action| action.name() == name)
}

/// Reads two days, either of which may be left out, and says at its field what is wrong.
pub(in crate::pages) fn days(
    fields: &Fields,
    (first, last): (&'static str, &'static str),
    errors: &mut Errors,
) -> (Option<Date>, Option<Date>) {
    let mut day = |name: &'static str| match fields.text(name) {
        "" => None,
        typed => {
            let day = typed.parse::<Date>().ok().filter(|day| (2000..=2999).contains(&day.year()));
            if day.is_none() {
                errors.add_labelled(name, if name == first { words::FIRST } else { words::LAST }, words::BAD_DAY);
            }
            day
        }
    };
    let days = (day(first), day(last));
    if let (Some(from), Some(to)) = days
        && to < from
    {
        errors.add(last, words::WRONG_ORDER);
    }
    days
}

/// A place in the log as an address has it: `2026-11-21.37`.
pub(super) fn written_place(place: Place) -> String {
    format!("{}.{}", place.day, place.number)
}

/// The place that an address means.
pub(super) fn read_place(text: &str) -> Option<Place> {
    let (day, number) = text.split_once('.')?;
    Some(Place { day: day.parse().ok()?, number: number.parse().ok()? })
}
