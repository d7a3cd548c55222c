//! The broadcast about a change: a draft that says what falls out and when it is collected instead, to those who are reminded of it.

use app::broadcast::desk::Outcome;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::limits::TEXT_UNITS_MAX;
use domain::broadcast::content::{Content, Message, Wording};
use domain::broadcast::{Draft, Earnest, Lane, Origin, When};
use domain::conversation::{NextDays, garbage_day_cancelled, garbage_next_days};
use domain::garbage::calendar::CollectionChange;
use domain::garbage::effect::{self, Effect};
use domain::ids::DepartmentId;
use domain::language::Language;
use domain::staff::Act;
use domain::time::date_in_japan;
use jiff::civil::Date;

use super::{ID, change_of, is_to_come, may_edit};
use crate::kit;
use crate::pages::broadcasts;
use crate::web::{Answer, Call, Failure};
use crate::words::garbage as words;

/// `POST /garbage/changes/{change}/broadcast`
pub async fn write(call: Call) -> Result<Answer, Failure> {
    let change = change_of(&call)?;
    if !may_edit(&call, change)? {
        return Err(Failure::Denied);
    }
    if !is_to_come(change, date_in_japan(call.now)) {
        return Err(Failure::BadRequest);
    }
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    let effects = effect::made(&call.town, change);
    let draft = Draft {
        title: words::news_title(&kit::written(change.date)),
        department: department(&call, &effects)?,
        content: content(&call, change, &effects),
        audience: Audience::GarbageReminded { areas: change.areas.clone(), categories: change.categories.clone() },
        lane: Lane::Routine,
        when: When::AtOnce,
    };
    let by = &call.person()?.staff.id;
    match call.console.broadcasts.create(id, draft, Earnest::Real, Origin::Staff, by).await? {
        // The same button twice: the broadcast is there.
        Outcome::Done(there) | Outcome::Unchecked(there) | Outcome::Changed(there) => {
            Ok(Answer::SeeOther(format!("{}/edit", broadcasts::path(&there.value.id))))
        }
        Outcome::Nowhere | Outcome::Refused(_) | Outcome::Unfit(_) | Outcome::Counting { .. } => {
            Err(Failure::BadRequest)
        }
    }
}

/// Whose broadcast it is: of those to whom the categories belong, else of any for whom the person may write.
fn department(call: &Call, effects: &[Effect<'_>]) -> Result<DepartmentId, Failure> {
    let roles = &call.person()?.staff.roles;
    let owners =
        effects.iter().flat_map(|effect| &effect.fallen).filter_map(|fallen| fallen.category.department.as_ref());
    let mut all = owners.chain(call.town.departments.keys());
    all.find(|department| roles.allow(Act::EditFor(department))).cloned().ok_or(Failure::Denied)
}

/// What it says, in each language of the town.
fn content(call: &Call, change: &CollectionChange, effects: &[Effect<'_>]) -> Content {
    let wording = |language: &Language| (*language, wording(*language, change, effects));
    Content { wordings: call.town.profile.languages.iter().map(wording).collect() }
}

fn wording(language: Language, change: &CollectionChange, effects: &[Effect<'_>]) -> Wording {
    let mut names: Vec<&str> = Vec::new();
    for fallen in effects.iter().flat_map(|effect| &effect.fallen) {
        let name = fallen.category.name.in_language(language);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut groups: Vec<NextDays<'_>> = Vec::new();
    for effect in effects {
        let items: Vec<(&str, Option<Date>)> =
            effect.fallen.iter().map(|it| (it.category.name.in_language(language), it.next)).collect();
        match groups.iter_mut().find(|group| group.items == items) {
            Some(group) => group.areas.push(&effect.area.name),
            None => groups.push(NextDays { areas: vec![&effect.area.name], items }),
        }
    }
    let mut text = garbage_day_cancelled(language, change.date, &names, change.moved_to, &change.reason);
    if change.moved_to.is_none() || 1 < groups.len() {
        text.push_str("\n\n");
        text.push_str(&garbage_next_days(language, &groups));
    }
    Wording { messages: in_messages(&text) }
}

/// A text in as many messages as it needs, broken between lines.
fn in_messages(text: &str) -> Vec<Message> {
    let mut messages: Vec<String> = Vec::new();
    for line in text.lines() {
        let units = |text: &str| text.encode_utf16().count();
        match messages.last_mut().filter(|last| units(last) + 1 + units(line) <= TEXT_UNITS_MAX) {
            Some(last) => {
                last.push('\n');
                last.push_str(line);
            }
            None => messages.push(line.to_owned()),
        }
    }
    messages.into_iter().map(Message::Text).collect()
}
