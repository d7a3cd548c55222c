//! From what was typed to the form, and from the form to an audience or to what is wrong with it.

use std::str::FromStr;

use domain::broadcast::audience::Audience;
use domain::broadcast::audience::check::AGE_MONTHS_MAX;
use domain::ids::{BroadcastId, DateKindId};
use domain::time::YearMonth;
use jiff::civil::Date;

use super::{AudienceForm, GROUPS_MAX, Group, Join, ROWS_MAX, Row, Side, Unit};
use crate::kit::Errors;
use crate::web::fields::Fields;
use crate::words::audience::Names;
use crate::words::audience::form as words;

/// The field of how the groups go together.
pub(super) const JOIN: &str = "audience-join";
/// The value of a box that turns a condition into its contrary.
pub(super) const EXCEPT: &str = "except";

/// The field of a group.
pub(super) fn name_in_group(group: usize, what: &str) -> String {
    format!("audience-{group}-{what}")
}

/// The field of a row.
pub(super) fn name_in_row(group: usize, row: usize, what: &str) -> String {
    format!("audience-{group}-{row}-{what}")
}

/// The field of the kind of a new row.
pub(super) fn name_of_new(group: usize) -> String {
    name_in_group(group, "new")
}

/// The kind of this name.
pub(super) fn kind(value: &str) -> Option<&'static str> {
    words::KINDS.iter().map(|(kind, _)| *kind).find(|kind| *kind == value)
}

impl Join {
    pub(super) const fn value(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
        }
    }

    fn read(value: &str) -> Self {
        if value == Self::Any.value() { Self::Any } else { Self::All }
    }

    fn join(self, mut members: Vec<Audience>) -> Audience {
        match (self, members.len()) {
            (_, 1) => members.remove(0),
            (Self::All, _) => Audience::And(members),
            (Self::Any, _) => Audience::Or(members),
        }
    }
}

impl Side {
    fn read(value: &str) -> Self {
        if value == EXCEPT { Self::Except } else { Self::In }
    }

    fn turn(self, audience: Audience) -> Audience {
        match self {
            Self::In => audience,
            Self::Except => Audience::Not(Box::new(audience)),
        }
    }
}

impl Unit {
    pub(super) const fn value(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Months => "months",
        }
    }
}

impl AudienceForm {
    /// What was typed; a form without conditions if nothing was.
    #[must_use]
    pub fn read(typed: &Fields) -> Self {
        let is_there = |group: &usize| typed.has(&name_in_group(*group, "join"));
        let mut groups: Vec<Group> =
            (0..GROUPS_MAX).take_while(is_there).map(|group| Group::read(typed, group)).collect();
        if groups.is_empty() {
            groups.push(Group::default());
        }
        Self { join: Join::read(typed.text(JOIN)), groups }
    }

    /// The audience that it describes, or what is wrong, by field.
    pub fn audience(&self, names: &Names<'_>) -> Result<Audience, Errors> {
        if let [Group { rows, .. }] = self.groups.as_slice()
            && rows.is_empty()
        {
            return Ok(Audience::All);
        }
        let mut errors = Errors::default();
        let mut members = Vec::new();
        for (number, group) in self.groups.iter().enumerate() {
            let rows = group.audiences(number, names, &mut errors);
            if group.rows.is_empty() {
                let label = words::group(number + 1);
                errors.add_labelled(name_of_new(number), label, words::EMPTY_GROUP);
            } else if group.side == Side::In && group.join == self.join {
                members.extend(rows);
            } else {
                members.push(group.side.turn(group.join.join(rows)));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let audience = self.join.join(members);
        if audience.check(names.town).is_err() {
            errors.add_labelled(name_of_new(0), words::NEW, words::TOO_MUCH);
            return Err(errors);
        }
        Ok(audience)
    }
}

impl Group {
    fn read(typed: &Fields, group: usize) -> Self {
        let text = |what| typed.text(&name_in_group(group, what));
        let rows = (0..ROWS_MAX).map_while(|row| Row::read(typed, group, row)).collect();
        Self { side: Side::read(text("side")), join: Join::read(text("join")), rows }
    }

    fn audiences(&self, group: usize, names: &Names<'_>, errors: &mut Errors) -> Vec<Audience> {
        let mut audiences = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            match row.audience(names) {
                Ok(audience) => audiences.push(audience),
                Err((what, text)) => {
                    let label = words::row(number + 1, row.kind);
                    errors.add_labelled(name_in_row(group, number, what), label, text);
                }
            }
        }
        audiences
    }
}

/// The field of a row where something is wrong, and what.
type Wrong = (&'static str, String);

impl Row {
    fn read(typed: &Fields, group: usize, row: usize) -> Option<Self> {
        let text = |what| typed.text(&name_in_row(group, row, what)).to_owned();
        let kind = kind(&text("kind"))?;
        Some(Self {
            side: Side::read(&text("side")),
            kind,
            of: typed.all(&name_in_row(group, row, "of")).map(str::to_owned).collect(),
            also: typed.all(&name_in_row(group, row, "also")).map(str::to_owned).collect(),
            from: text("from"),
            to: text("to"),
            unit: if text("unit") == Unit::Months.value() { Unit::Months } else { Unit::Years },
            day: text("day"),
        })
    }

    /// The row of a single condition or its contrary.
    pub(super) fn of(audience: &Audience) -> Option<Self> {
        fn ids<Id: ToString>(of: impl IntoIterator<Item = Id>) -> Vec<String> {
            of.into_iter().map(|id| id.to_string()).collect()
        }
        let row = |kind: &'static str, of| Some(Self { kind, of, ..Self::default() });
        match audience {
            Audience::Districts(of) => row("districts", ids(of)),
            Audience::Areas(of) => row("areas", ids(of)),
            Audience::TopicsAny(of) => row("topics-any", ids(of)),
            Audience::TopicsAll(of) => row("topics-all", ids(of)),
            Audience::Languages(of) => row("languages", ids(of)),
            Audience::NotReceived(of) => row("not-received", ids([of])),
            Audience::UnclearIn(of) => row("unclear-in", ids([of])),
            Audience::DateIn { kind, month } => Some(Self { day: month.to_string(), ..row("date-in", ids([kind]))? }),
            Audience::GarbageReminded { areas, categories } => {
                Some(Self { also: ids(categories), ..row("garbage-reminded", ids(areas))? })
            }
            Audience::JoinedSince(day) => Some(Self { day: day.to_string(), ..row("joined-since", Vec::new())? }),
            Audience::ChildAge { from_months, to_months } => {
                let is_years = from_months % 12 == 0 && to_months % 12 == 11;
                let (unit, size) = if is_years { (Unit::Years, 12) } else { (Unit::Months, 1) };
                let (from, to) = ((from_months / size).to_string(), (to_months / size).to_string());
                Some(Self { from, to, unit, ..row("child-age", Vec::new())? })
            }
            Audience::Not(inner) => match Self::of(inner)? {
                Self { side: Side::Except, .. } => None,
                row => Some(Self { side: Side::Except, ..row }),
            },
            // Only a rule asks who is reminded for one day.
            Audience::All | Audience::And(_) | Audience::Or(_) | Audience::GarbageDay { .. } => None,
        }
    }

    fn audience(&self, names: &Names<'_>) -> Result<Audience, Wrong> {
        let audience = match self.kind {
            "districts" => Audience::Districts(self.chosen()?),
            "areas" => Audience::Areas(self.chosen()?),
            "topics-any" => Audience::TopicsAny(self.chosen()?),
            "topics-all" => Audience::TopicsAll(self.chosen()?),
            "languages" => Audience::Languages(self.chosen()?),
            "child-age" => self.child_age()?,
            "joined-since" => {
                let no_day = |_| ("day", words::NO_DAY.to_owned());
                Audience::JoinedSince(self.day.parse::<Date>().map_err(no_day)?)
            }
            "date-in" => {
                let kind: DateKindId = self.one()?.parse().map_err(|_| ("of", words::CHOOSE_AGAIN.to_owned()))?;
                let no_month = |_| ("day", words::NO_MONTH.to_owned());
                Audience::DateIn { kind, month: self.day.parse::<YearMonth>().map_err(no_month)? }
            }
            "garbage-reminded" => {
                let again = |what| move |_| (what, words::CHOOSE_AGAIN.to_owned());
                let areas: Result<_, _> = self.of.iter().map(|id| id.parse()).collect();
                let categories: Result<_, _> = self.also.iter().map(|id| id.parse()).collect();
                Audience::GarbageReminded {
                    areas: areas.map_err(again("of"))?,
                    categories: categories.map_err(again("also"))?,
                }
            }
            "not-received" => Audience::NotReceived(self.broadcast(names)?),
            _ => Audience::UnclearIn(self.broadcast(names)?),
        };
        if audience.check(names.town).is_err() {
            return Err(("of", words::CHOOSE_AGAIN.to_owned()));
        }
        Ok(self.side.turn(audience))
    }

    fn chosen<Id: FromStr, Ids: FromIterator<Id>>(&self) -> Result<Ids, Wrong> {
        if self.of.is_empty() {
            return Err(("of", words::CHOOSE_SOME.to_owned()));
        }
        let ids: Result<Ids, _> = self.of.iter().map(|id| id.parse()).collect();
        ids.map_err(|_| ("of", words::CHOOSE_AGAIN.to_owned()))
    }

    /// The one that is chosen in a list.
    fn one(&self) -> Result<&String, Wrong> {
        let choose = || ("of", words::CHOOSE_SOME.to_owned());
        self.of.first().filter(|id| !id.is_empty()).ok_or_else(choose)
    }

    fn broadcast(&self, names: &Names<'_>) -> Result<BroadcastId, Wrong> {
        let typed = self.one()?;
        let known = typed.parse().ok().filter(|id| names.broadcasts.contains_key(id));
        known.ok_or_else(|| ("of", words::CHOOSE_AGAIN.to_owned()))
    }

    fn child_age(&self) -> Result<Audience, Wrong> {
        let (size, rest) = match self.unit {
            Unit::Years => (12, 11),
            Unit::Months => (1, 0),
        };
        let number = |what: &'static str, text: &str| {
            let digits = domain::text::fold(text);
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number {
                return Err((what, words::NUMBER.to_owned()));
            }
            let months = digits.parse::<u16>().ok().and_then(|number| number.checked_mul(size));
            let fits = |months: &u16| *months <= AGE_MONTHS_MAX - rest;
            months.filter(fits).ok_or_else(|| (what, words::too_old()))
        };
        let (from_months, to_months) = (number("from", &self.from)?, number("to", &self.to)? + rest);
        if to_months < from_months {
            return Err(("from", words::REVERSED.to_owned()));
        }
        Ok(Audience::ChildAge { from_months, to_months })
    }
}
