//! What of the reports is asked for: the same conditions for the list, the map and the file.

use std::collections::BTreeSet;

use app::report::find::{Assignee, Filter, Seen};
use domain::ids::DepartmentId;
use domain::report::Standing;
use domain::staff::{Act, Roster, Staff, Standing as Employment};
use domain::time::date_in_japan;
use maud::{Markup, html};

use super::visible;
use crate::kit::{self, ButtonKind, Choice, Field};
use crate::pages::broadcasts::departments::DEPARTMENT;
use crate::web::fields::Fields;
use crate::web::{Call, Failure};
use crate::words::reports as words;

pub(super) const STATE: &str = "state";
const KIND: &str = "kind";
const WHO: &str = "who";
pub(super) const LATE: &str = "late";
const PUBLIC: &str = "public";
/// Those that are not closed; so it is without a word.
const OPEN: &str = "open";
const ALL: &str = "all";
const ME: &str = "me";
const NOBODY: &str = "nobody";
const YES: &str = "yes";

/// The conditions, as they were sent and as they are understood.
pub(super) struct Asked {
    /// What says the same in an address or in hidden fields.
    pairs: Vec<(&'static str, String)>,
    /// What it means.
    pub(super) filter: Filter,
}

impl Asked {
    /// Reads them. What is not known, or not for the person, is no condition.
    pub(super) fn read(call: &Call, fields: &Fields) -> Result<Self, Failure> {
        let me = &call.person()?.staff.id;
        let visible = visible(call)?;
        let mut pairs = Vec::new();
        let mut keep = |name: &'static str, text: &str| pairs.push((name, text.to_owned()));
        let state = fields.text(STATE);
        let one = Standing::ALL.into_iter().find(|standing| standing.name() == state);
        let standings = match one {
            Some(one) => vec![one],
            None if state == ALL => Standing::ALL.to_vec(),
            None => Standing::ALL.into_iter().filter(|standing| standing.is_open()).collect(),
        };
        if one.is_some() || state == ALL {
            keep(STATE, state);
        }
        let chosen = fields.text(DEPARTMENT).parse().ok().filter(|id| is_among(visible.as_ref(), id));
        let departments = match chosen {
            Some(department) => {
                keep(DEPARTMENT, department.as_str());
                Some([department].into())
            }
            None => visible,
        };
        let kind = fields.text(KIND).parse().ok().filter(|id| call.town.report_kind(id).is_some());
        if let Some(kind) = &kind {
            keep(KIND, kind.as_str());
        }
        let who = fields.text(WHO);
        let assignee = match who {
            "" => None,
            ME => Some(Assignee::One(me.clone())),
            NOBODY => Some(Assignee::Nobody),
            id => id.parse().ok().map(Assignee::One),
        };
        if assignee.is_some() {
            keep(WHO, who);
        }
        let overdue_on = (fields.text(LATE) == YES).then(|| date_in_japan(call.now));
        if overdue_on.is_some() {
            keep(LATE, YES);
        }
        let seen = if fields.text(PUBLIC) == YES { Seen::ByEverybody } else { Seen::ByWhoever };
        if seen == Seen::ByEverybody {
            keep(PUBLIC, YES);
        }
        Ok(Self { pairs, filter: Filter { standings, departments, kind, assignee, overdue_on, seen } })
    }

    /// For an address, or hidden fields.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        self.pairs.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// The address of a page with these conditions.
    pub(super) fn address(&self, path: &str) -> String {
        if self.pairs.is_empty() {
            return path.to_owned();
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish();
        format!("{path}?{query}")
    }

    fn value(&self, name: &str) -> String {
        self.pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The form in which they are chosen, folded away as long as none is.
    pub(super) fn folded(&self, call: &Call, path: &str, roster: &Roster) -> Result<Markup, Failure> {
        let form = self.form(call, path, roster)?;
        Ok(if self.pairs.is_empty() { kit::fold(words::FILTER, &form) } else { kit::unfolded(words::FILTER, &form) })
    }

    fn form(&self, call: &Call, path: &str, roster: &Roster) -> Result<Markup, Failure> {
        let any = || [Choice::new("", words::ALL)].into_iter();
        let states = Standing::ALL.into_iter().map(|it| Choice::new(it.name(), words::standing(it)));
        let states: Vec<Choice<'_>> =
            [Choice::new(OPEN, words::OPEN), Choice::new(ALL, words::ALL)].into_iter().chain(states).collect();
        let visible = visible(call)?;
        let departments =
            call.town.departments.values().filter(|department| is_among(visible.as_ref(), &department.id));
        let departments = departments.map(|department| Choice::new(department.id.as_str(), &department.name));
        let departments: Vec<Choice<'_>> = any().chain(departments).collect();
        let kinds = call.town.report_kinds.iter().map(|kind| Choice::new(kind.id.as_str(), &kind.name.ja));
        let kinds: Vec<Choice<'_>> = any().chain(kinds).collect();
        let me = &call.person()?.staff.id;
        let others = assignable(roster, visible.as_ref()).filter(|staff| staff.id != *me);
        let others = others.map(|staff| Choice::new(staff.id.as_str(), staff.name.as_str()));
        let people: Vec<Choice<'_>> =
            any().chain([Choice::new(ME, words::MINE), Choice::new(NOBODY, words::NOBODYS)]).chain(others).collect();
        let state = Some(self.value(STATE)).filter(|state| !state.is_empty()).unwrap_or_else(|| OPEN.to_owned());
        let of = |name, label| Field::new(name, label).value(self.value(name));
        let fields = html! {
            (kit::select(&Field::new(STATE, words::STATE).value(state), &states))
            @if 2 < departments.len() { (kit::select(&of(DEPARTMENT, words::DEPARTMENT), &departments)) }
            (kit::select(&of(KIND, words::KIND), &kinds))
            (kit::select(&of(WHO, words::ASSIGNEE), &people))
            (kit::checkboxes(&Field::new(LATE, words::LATE), &[Choice::new(YES, words::ONLY_LATE)], &[self.value(LATE)]))
            (kit::checkboxes(
                &Field::new(PUBLIC, words::PUBLIC),
                &[Choice::new(YES, words::ONLY_PUBLIC)],
                &[self.value(PUBLIC)],
            ))
            (kit::actions(&[kit::submit(ButtonKind::Primary, words::SHOW)]))
        };
        Ok(kit::filter(path, &fields))
    }
}

fn is_among(visible: Option<&BTreeSet<DepartmentId>>, department: &DepartmentId) -> bool {
    visible.is_none_or(|visible| visible.contains(department))
}

/// Who may look after a report of these departments; `None`: of any.
pub(super) fn assignable<'a>(
    roster: &'a Roster,
    departments: Option<&'a BTreeSet<DepartmentId>>,
) -> impl Iterator<Item = &'a Staff> {
    let works = move |staff: &&Staff| match departments {
        None => staff.roles.allow(Act::Write),
        Some(these) => these.iter().any(|department| staff.roles.allow(Act::EditFor(department))),
    };
    roster.0.iter().filter(|staff| staff.standing == Employment::Active).filter(works)
}
