//! The form in which staff close a day: the day first, then which of its collections fall out, then a look at what that does, to
//! which they agree.

mod typed;

use std::collections::BTreeSet;

use app::town::edit::{Draft, Mistake, Saved, Warnings};
use app::town::table::TownTable;
use domain::dates::days_later;
use domain::garbage::calendar::CollectionChange;
use domain::garbage::effect::{self, Foreseen};
use domain::time::{date_in_japan, in_japan, time_of_day};
use domain::town::Category;
use http::StatusCode;
use jiff::civil::Date;
use maud::{Markup, html};

use self::typed::{ALL, Offered, SOME, Typed};
use super::super::{crumbs, districts, page};
use super::{LIST, effects};
use crate::kit::{self, ButtonKind, Choice, Confirm, Errors, Field, Form, InputKind, NoticeKind};
use crate::pages::town;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::garbage as words;

/// Where the form is.
pub(super) const PATH: &str = "/garbage/cancel";
// The fields have the names of the record's columns.
const DATE: &str = "date";
const AREAS: &str = "areas";
const CATEGORIES: &str = "categories";
const NEW_DATE: &str = "new_date";
const REASON: &str = "reason";
/// Whether it is about all areas or some.
const PLACE: &str = "place";
/// The name of the buttons, and the values that differ from a look at what it does.
const DO: &str = "do";
const EDIT: &str = "edit";
const SAVE: &str = "save";
/// What the person saw that it does.
const AGREED: &str = "agreed";
/// So many days from today on are offered.
const DAYS_OFFERED: i16 = 8;

/// `GET /garbage/cancel?date=2026-12-01`
pub async fn create(call: Call) -> Result<Answer, Failure> {
    let asked = call.query.text(DATE);
    let mut errors = Errors::default();
    if asked.is_empty() {
        return Ok(day_page(&call, asked, &errors)?.into());
    }
    let Some(date) = typed::day(asked, date_in_japan(call.now), &mut errors) else {
        return Ok(day_page(&call, asked, &errors)?.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let offered = Offered::on(&call, date)?;
    if offered.areas.is_empty() {
        errors.add_labelled(DATE, words::DATE, words::NOTHING_THAT_DAY);
        return Ok(day_page(&call, asked, &errors)?.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    }
    Ok(form_page(&call, date, &offered, &Typed::of(date, &offered), &errors)?.into())
}

/// `POST /garbage/cancel`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let typed = Typed::read(&call.form);
    let mut errors = Errors::default();
    let Some(date) = typed::day(&typed.date, date_in_japan(call.now), &mut errors) else {
        return Ok(day_page(&call, &typed.date, &errors)?.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let change = typed.change(&call, date, &mut errors)?;
    let wanted = call.form.text(DO);
    if wanted == EDIT {
        return Ok(form_page(&call, date, &Offered::on(&call, date)?, &typed, &Errors::default())?.into());
    }
    let Some(change) = change else { return wrong(&call, date, &typed, &errors) };
    let is_there = |known: &&CollectionChange| **known == CollectionChange { id: known.id.clone(), ..change.clone() };
    if let Some(there) = call.town.changes.iter().find(is_there) {
        return Ok(Answer::SeeOther(format!("{}?done=already", super::path(&there.id))));
    }
    let foreseen = effect::foreseen(&call.town, &change);
    check(&change, &foreseen, &mut errors);
    if !errors.is_empty() {
        return wrong(&call, date, &typed, &errors);
    }
    if wanted != SAVE {
        return Ok(preview(&call, &typed, &change, &foreseen)?.into());
    }
    if call.form.text(AGREED) != agreed(&foreseen) {
        let page = preview(&call, &typed, &change, &foreseen)?.status(StatusCode::CONFLICT);
        return Ok(page.notice(NoticeKind::Warning, words::MOVED.title, words::MOVED.text).into());
    }
    keep(&call, date, &typed, &change).await
}

/// What would make a change senseless: nothing falls out any more, or nothing is taken on the new day.
fn check(change: &CollectionChange, foreseen: &Foreseen<'_>, errors: &mut Errors) {
    if foreseen.effects.is_empty() {
        errors.add_labelled(CATEGORIES, words::WHAT, words::NOTHING_FALLS_OUT);
    }
    if change.moved_to.is_some_and(|day| !foreseen.takes_all_on(day)) {
        errors.add_labelled(NEW_DATE, words::NEW_DATE, words::NEW_DATE_CLOSED);
    }
}

/// Writes the record, once: the same again is the one that is there.
async fn keep(call: &Call, date: Date, typed: &Typed, change: &CollectionChange) -> Result<Answer, Failure> {
    let table = TownTable::Changes;
    let text = |column: &&str| match *column {
        DATE => date.to_string(),
        AREAS => several(&change.areas),
        CATEGORIES => several(&change.categories),
        NEW_DATE => change.moved_to.map(|day| day.to_string()).unwrap_or_default(),
        REASON => change.reason.clone(),
        // The desk finds an id; so the same from somebody else is the same record.
        _ => String::new(),
    };
    let row = table.columns().iter().map(text).collect();
    // What can be said of it was said before it was agreed to.
    let draft = Draft { table, id: None, rows: vec![row], seen: Vec::new(), warnings: Warnings::Accept };
    let to = |id: &str, done: &str| Ok(Answer::SeeOther(format!("{LIST}/{id}?done={done}")));
    match call.console.desk.save(&town::editor(call)?, &draft).await? {
        Saved::Done { id, .. } => to(&id, "added"),
        Saved::Already { id } => to(&id, "already"),
        Saved::Denied => Err(Failure::Denied),
        Saved::Wrong(mistakes) => {
            let mut errors = Errors::default();
            for Mistake { column, sentence, .. } in mistakes {
                let column = column.unwrap_or_else(|| DATE.to_owned());
                let label = crate::words::town::column(table, &column);
                errors.add_labelled(column, label, sentence);
            }
            wrong(call, date, typed, &errors)
        }
        // An area or a category went just now: nothing of what was seen holds.
        Saved::Held(_) | Saved::Conflict(_) => Err(Failure::BadRequest),
    }
}

/// Ids as a cell of a record has them.
fn several<T: ToString>(ids: &BTreeSet<T>) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// What a change does, in a form in which it can be compared with what somebody agreed to.
fn agreed(foreseen: &Foreseen<'_>) -> String {
    let lines = foreseen.effects.iter().flat_map(|effect| {
        effect.fallen.iter().map(|fallen| {
            let next = fallen.next.map(|day| day.to_string()).unwrap_or_default();
            format!("{}/{}/{next}", effect.area.id, fallen.category.id)
        })
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// Asks for the day.
fn day_page(call: &Call, asked: &str, errors: &Errors) -> Result<Page, Failure> {
    let today = date_in_japan(call.now);
    let days = typed::soon(call, today..=days_later(today, DAYS_OFFERED - 1))?;
    let content = html! {
        (cancel_crumbs())
        (kit::heading(words::CANCEL, Some(words::CANCEL_LEAD)))
        (kit::error_summary(errors))
        (kit::section(words::SOON, &html! {
            @if days.is_empty() { p { (words::NOTHING_SOON) } }
            ul { @for (date, names) in &days {
                li { a href={ (PATH) "?" (DATE) "=" (date) } { (kit::written(*date)) } "：" (names.join("、")) }
            } }
        }))
        (kit::section(words::OTHER_DAY, &kit::filter(PATH, &html! {
            (kit::input(InputKind::Date, &Field::new(DATE, words::DATE).value(asked).required().error(errors.of(DATE))))
            (kit::actions(&[kit::submit(ButtonKind::Secondary, words::SEE_DAY)]))
        })))
    };
    Ok(page(kit::title(words::CANCEL, errors), content))
}

fn wrong(call: &Call, date: Date, typed: &Typed, errors: &Errors) -> Result<Answer, Failure> {
    let page = form_page(call, date, &Offered::on(call, date)?, typed, errors)?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into())
}

/// Asks what falls out on the day.
fn form_page(call: &Call, date: Date, offered: &Offered<'_>, typed: &Typed, errors: &Errors) -> Result<Page, Failure> {
    let title = words::change_title(&kit::written(date));
    let form = Form::post(PATH, &call.person()?.csrf);
    let form = if call.method == http::Method::GET { form.warn_unsaved() } else { form.still_unsaved() };
    let content = html! {
        (cancel_crumbs())
        (kit::heading(&title, None))
        (kit::error_summary(errors))
        p { a href=(PATH) { (words::OTHER_DAY) } }
        (kit::form(&form, &html! {
            (kit::hidden(DATE, &date.to_string()))
            (what_fields(call, offered, typed, errors))
            (kit::input(InputKind::Date, &Field::new(NEW_DATE, words::NEW_DATE).value(typed.new_date.as_str())
                .hint(words::NEW_DATE_HINT).error(errors.of(NEW_DATE))))
            (kit::text(&Field::new(REASON, words::REASON).value(typed.reason.as_str()).hint(words::REASON_HINT)
                .required().autocomplete("off").error(errors.of(REASON))))
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, words::LOOK),
                kit::link_button(ButtonKind::Secondary, words::BACK, LIST),
            ]))
            p.hint { (words::LOOK_HINT) }
        }))
    };
    Ok(page(kit::title(&title, errors), content))
}

/// Asks which collections fall out, and where.
fn what_fields(call: &Call, offered: &Offered<'_>, typed: &Typed, errors: &Errors) -> Markup {
    let categories: Vec<Choice<'_>> =
        offered.categories.iter().map(|it| Choice::new(it.id.as_str(), &it.name.ja)).collect();
    let places = [Choice::new(ALL, words::EVERYWHERE), Choice::new(SOME, words::SOMEWHERE)];
    let hints: Vec<String> = offered.areas.iter().map(|area| districts(&call.town, &area.id).join("、")).collect();
    let areas: Vec<Choice<'_>> = offered
        .areas
        .iter()
        .zip(&hints)
        .map(|(area, hint)| {
            let choice = Choice::new(area.id.as_str(), &area.name);
            if hint.is_empty() { choice } else { choice.hint(hint) }
        })
        .collect();
    html! {
        (kit::checkboxes(&Field::new(CATEGORIES, words::WHAT).hint(words::WHAT_HINT).required().error(errors.of(CATEGORIES)),
            &categories, &typed.categories))
        (kit::radios(&Field::new(PLACE, words::WHERE).value(typed.place.as_str()).required().error(errors.of(PLACE)), &places))
        (kit::checkboxes(&Field::new(AREAS, words::AREAS_OF).hint(words::AREAS_HINT).error(errors.of(AREAS)),
            &areas, &typed.areas))
    }
}

/// What the change does, to be agreed to.
fn preview(call: &Call, typed: &Typed, change: &CollectionChange, foreseen: &Foreseen<'_>) -> Result<Page, Failure> {
    let question = words::change_question(&kit::written(change.date));
    let about = html! {
        (warnings(call, change, foreseen))
        (kit::definitions(&[
            (words::DATE, kit::date(change.date)),
            (words::NEW_DATE, super::new_date(change)),
            (words::REASON, html! { (change.reason) }),
        ]))
        (effects::table(&call.town, &foreseen.effects))
    };
    let (agreed, csrf) = (agreed(foreseen), &call.person()?.csrf);
    let typed = typed.values();
    let values: Vec<(&str, &str)> = typed.iter().copied().chain([(DO, SAVE), (AGREED, agreed.as_str())]).collect();
    let again: Vec<(&str, &str)> = typed.iter().copied().chain([(DO, EDIT)]).collect();
    let content = html! {
        (cancel_crumbs())
        (kit::confirm(&Confirm {
            question: &question,
            about: &about,
            consequences: &words::CONSEQUENCES,
            form: Form::post(PATH, csrf),
            values: &values,
            button: words::KEEP,
            cancel: LIST,
        }))
        (kit::post_button(ButtonKind::Plain, words::EDIT_AGAIN, &Form::post(PATH, csrf), &again))
    };
    Ok(page(question, content))
}

/// What a person should think of before they agree.
fn warnings(call: &Call, change: &CollectionChange, foreseen: &Foreseen<'_>) -> Markup {
    let now = in_japan(call.now);
    let is_out = |category: &Category| time_of_day(&category.put_out_by).is_some_and(|by| by <= now.time());
    let fallen = || foreseen.effects.iter().flat_map(|effect| &effect.fallen);
    let late = change.date == now.date() && fallen().any(|fallen| is_out(fallen.category));
    let taken = change.moved_to.is_some_and(|day| {
        let is_taken = |effect: &effect::Effect<'_>| {
            let on = call.town.calendar.on(&effect.area.id, day);
            effect.fallen.iter().any(|fallen| on.contains(&&fallen.category.id))
        };
        foreseen.effects.iter().any(is_taken)
    });
    let said = [(late, words::LATE), (taken, words::NEW_DATE_TAKEN)];
    html! {
        @for (_, said) in said.iter().filter(|(is_so, _)| *is_so) {
            (kit::notice(NoticeKind::Warning, said.title, &html! { p { (said.text) } }))
        }
    }
}

fn cancel_crumbs() -> Markup {
    crumbs(&[(words::CHANGES, LIST)], words::CANCEL)
}
