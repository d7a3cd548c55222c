//! Placeholders: `{town}` and the like, which stand for what the town's data says when the broadcast is approved.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::conversation::{date_in, month_in};
use crate::ids::DepartmentId;
use crate::language::Language;
use crate::town::Town;

/// What only a rule may leave open besides: the date on which it is due, and its month. They are filled in when it writes a
/// broadcast; in any other they stand for nothing.
pub const OF_RULES: [&str; 2] = [DATE, MONTH];
const DATE: &str = "date";
const MONTH: &str = "month";

/// Something that a text can leave to the town's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// The town's name.
    Town,
    /// The town hall's telephone number.
    Phone,
    /// The town's web site.
    Website,
    /// The name of the broadcast's department.
    Department,
    /// Its telephone number.
    DepartmentPhone,
}

impl Placeholder {
    /// Every placeholder, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Town, Self::Phone, Self::Website, Self::Department, Self::DepartmentPhone];

    /// What stands between the braces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::Phone => "phone",
            Self::Website => "website",
            Self::Department => "department",
            Self::DepartmentPhone => "department_phone",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placeholder| placeholder.name() == name)
    }
}

/// What the placeholders stand for; what the town's data does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placeholders {
    /// The town's name.
    pub town: String,
    /// The town hall's telephone number.
    pub phone: String,
    /// The town's web site.
    pub website: String,
    /// The name of the broadcast's department.
    pub department: String,
    /// Its telephone number.
    pub department_phone: String,
}

impl Placeholders {
    /// What they stand for in a broadcast of this department.
    #[must_use]
    pub fn of(town: &Town, department: &DepartmentId) -> Self {
        let (profile, department) = (&town.profile, town.departments.get(department));
        Self {
            town: profile.name.clone(),
            phone: profile.phone.clone(),
            website: profile.website.clone(),
            department: department.map(|department| department.name.clone()).unwrap_or_default(),
            department_phone: department.map(|department| department.phone.clone()).unwrap_or_default(),
        }
    }

    /// What one stands for.
    #[must_use]
    pub fn get(&self, placeholder: Placeholder) -> &str {
        match placeholder {
            Placeholder::Town => &self.town,
            Placeholder::Phone => &self.phone,
            Placeholder::Website => &self.website,
            Placeholder::Department => &self.department,
            Placeholder::DepartmentPhone => &self.department_phone,
        }
    }

    /// Names between braces that stand for nothing: unknown ones, and those of which the town's data says nothing.
    pub(super) fn missing<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let is_missing = |name: &&str| Placeholder::named(name).is_none_or(|known| self.get(known).is_empty());
        pieces(text).filter_map(|(_, name)| name).filter(is_missing).collect()
    }
}

/// What fills names between braces in.
pub(super) trait Fill {
    /// What a name stands for; `None` where it is none of its own.
    fn value(&self, name: &str) -> Option<&str>;

    /// The text with every name of its own filled in. What is none stays as it is.
    fn fill(&self, text: &str) -> String {
        self.fill_with(text, |value| Cow::Borrowed(value))
    }

    /// The same in JSON: outside its strings no brace has a name behind it.
    fn fill_json(&self, json: &str) -> String {
        self.fill_with(json, |value| {
            let quoted = serde_json::Value::from(value).to_string();
            Cow::Owned(quoted[1..quoted.len() - 1].to_owned())
        })
    }

    /// The text with every name of its own filled in, written so.
    fn fill_with(&self, text: &str, write: impl Fn(&str) -> Cow<'_, str>) -> String {
        let mut filled = String::with_capacity(text.len());
        for (plain, name) in pieces(text) {
            filled.push_str(plain);
            match name.map(|name| (name, self.value(name))) {
                Some((_, Some(value))) => filled.push_str(&write(value)),
                Some((name, None)) => filled.extend(["{", name, "}"]),
                None => {}
            }
        }
        filled
    }
}

impl Fill for Placeholders {
    fn value(&self, name: &str) -> Option<&str> {
        Placeholder::named(name).map(|known| self.get(known))
    }
}

/// The names of [`OF_RULES`] for a date, in the words of a language.
pub(super) struct Dated {
    date: String,
    month: String,
}

impl Dated {
    pub(super) fn new(language: Language, date: Date) -> Self {
        Self { date: date_in(language, date), month: month_in(language, date.month()) }
    }
}

impl Fill for Dated {
    fn value(&self, name: &str) -> Option<&str> {
        match name {
            DATE => Some(&self.date),
            MONTH => Some(&self.month),
            _ => None,
        }
    }
}

/// A text cut into what is plain and the name between braces that follows it. A name has letters of any script, digits and `_`,
/// so that `{電話}` is seen to be none of ours.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let named = text.match_indices('{').find_map(|(at, _)| {
            let behind = &text[at + 1..];
            let (name, end) = behind.split_at(behind.find(|char: char| !char.is_alphanumeric() && char != '_')?);
            (!name.is_empty() && end.starts_with('}')).then_some((at, name))
        });
        let Some((at, name)) = named else { return Some((text, None)) };
        rest = Some(&text[at + name.len() + 2..]);
        Some((&text[..at], Some(name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders() -> Placeholders {
        Placeholders {
            town: "みどり市".to_owned(),
            phone: "000-000-0000".to_owned(),
            department: "防災\"課\"".to_owned(),
            ..Placeholders::default()
        }
    }

    #[test]
    fn what_is_a_placeholder_is_filled_in_and_nothing_else() {
        for (text, filled) in [
            ("", ""),
            ("{town}です。電話 {phone}", "みどり市です。電話 000-000-0000"),
            ("{town}{town}", "みどり市みどり市"),
            ("{{town}}", "{みどり市}"),
            ("{ town } {town", "{ town } {town"),
            ("{電話} {} }{", "{電話} {} }{"),
            ("{website}", ""),
        ] {
            assert_eq!(placeholders().fill(text), filled, "{text}");
        }
    }

    #[test]
    fn in_json_the_value_is_escaped_and_the_braces_of_objects_stay() {
        let json = r#"{"a":"{department}","b":{"c":{}},"d":"{x}"}"#;
        assert_eq!(placeholders().fill_json(json), r#"{"a":"防災\"課\"","b":{"c":{}},"d":"{x}"}"#);
    }

    #[test]
    fn a_date_is_said_in_the_words_of_the_language_and_nothing_else_is_touched() {
        let date = jiff::civil::date(2026, 11, 25);
        for (language, filled) in [
            (Language::Japanese, "11月25日(水) 11月 {town} {Date}"),
            (Language::EasyJapanese, "11月25日(水曜日) 11月 {town} {Date}"),
            (Language::English, "Wed 25 November November {town} {Date}"),
        ] {
            assert_eq!(Dated::new(language, date).fill("{date} {month} {town} {Date}"), filled);
        }
        assert_eq!(placeholders().missing("{date}{month}"), OF_RULES, "in what no rule writes");
    }

    #[test]
    fn unknown_and_empty_ones_are_missing() {
        assert_eq!(placeholders().missing("{town}の{電話}は{website}、{ほか の}"), ["電話", "website"]);
    }
}
