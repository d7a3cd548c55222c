//! Counts of residents: by district, topic and language, and how they come and go. Nobody is listed.

use app::ports::residents::{Counted, DayCount, PARTITIONS};
use app::residents::{Counting, Residents};
use domain::audit::Action;
use domain::counts::{Moved, Shown, Tally, shown};
use domain::language::Language;
use domain::staff::Act;
use domain::town::Town;
use jiff::ToSpan;
use maud::{Markup, html};
use serde_json::json;

use super::followers;
use crate::kit::{self, Bars, ButtonKind, Column, Form, NoticeKind, Progress, Tile};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::followers as import;
use crate::words::frame::Section;
use crate::words::residents as words;

/// Days that are shown one by one.
const DAYS: u16 = 30;
const POLL: &str = "/residents/counting.json";
const BEGUN: &str = "begun";

/// `GET /residents`: where no script runs, loading the page again is what moves a counting on.
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let person = call.person()?;
    let residents = use_case(&call);
    let counting = residents.step().await?;
    let last = residents.last().await?;
    let history = match &last {
        Some(last) => residents.history(last.tally.day.saturating_sub(i32::from(DAYS).days()), last.tally.day).await?,
        None => Vec::new(),
    };
    let content = html! {
        (kit::heading(words::TITLE, Some(words::LEAD)))
        (counting_part(counting, last.as_ref(), &person.csrf))
        @if let Some(last) = &last { (result(last, &call.town, &history)) }
        @if person.staff.roles.allow(Act::ImportFollowers) { p { a href=(followers::PATH) { (import::TITLE) } } }
    };
    let page = Page::new(words::TITLE, Section::Residents, content);
    let begun = call.query.text("done") == BEGUN && counting != Counting::Idle;
    Ok(if begun { page.notice(NoticeKind::Info, words::BEGUN.title, words::BEGUN.text) } else { page }.into())
}

/// `POST /residents/count`
pub async fn begin(call: Call) -> Result<Answer, Failure> {
    call.record_seldom(Action::CountResidents).await?;
    use_case(&call).begin().await?;
    Ok(Answer::SeeOther(format!("{}?done={BEGUN}", Section::Residents.path())))
}

/// `GET /residents/counting.json`: counts on for a moment, and says how far it has come.
pub async fn counting(call: Call) -> Result<Answer, Failure> {
    let counting = use_case(&call).step().await?;
    let done = match counting {
        Counting::Idle => PARTITIONS,
        Counting::Going { done } => done,
    };
    let text = words::percent(done * 100 / PARTITIONS);
    let finished = counting == Counting::Idle;
    Ok(Answer::Json(json!({ "done": done, "total": PARTITIONS, "text": text, "finished": finished })))
}

fn use_case(call: &Call) -> Residents {
    Residents { counts: call.console.counts.clone(), clock: call.console.clock.clone() }
}

fn counting_part(counting: Counting, last: Option<&Counted>, csrf: &str) -> Markup {
    let button = |label| kit::post_button(ButtonKind::Secondary, label, &Form::post("/residents/count", csrf), &[]);
    html! {
        @if let Some(last) = last { p { (words::COUNTED_AT) (kit::moment(last.at)) } }
        @match (counting, last) {
            (Counting::Going { done }, _) => {
                (kit::progress(&Progress {
                    label: words::COUNTING,
                    done: done.into(),
                    total: PARTITIONS.into(),
                    page: Section::Residents.path(),
                    poll: Some(POLL),
                }))
                p.hint { (words::COUNTING_HINT) }
            }
            (Counting::Idle, Some(_)) => { (button(words::COUNT_ANEW)) }
            (Counting::Idle, None) => { p { (words::NEVER) } (button(words::COUNT_FIRST)) }
        }
    }
}

fn result(last: &Counted, town: &Town, history: &[DayCount]) -> Markup {
    let tally = &last.tally;
    let today = tally.came.get(&tally.day).copied().unwrap_or_default();
    let tile = |label, number| Tile { label, value: kit::count(number), unit: words::PEOPLE, href: None };
    html! {
        (kit::tiles(&[
            tile(words::FOLLOWING, tally.following),
            tile(words::BLOCKED, tally.blocked),
            tile(words::CAME_TODAY, today),
        ]))
        (kit::section(words::BY_DISTRICT, &by_district(tally, town)))
        (kit::section(words::BY_TOPIC, &by_topic(tally, town)))
        (kit::section(words::BY_LANGUAGE, &by_language(tally)))
        (kit::section(words::BY_DAY, &by_day(tally)))
        (kit::section(words::BY_MONTH, &by_month(tally)))
        @if history.len() > 1 { (kit::section(words::HISTORY, &by_count(history))) }
    }
}

fn by_district(tally: &Tally, town: &Town) -> Markup {
    let of = |district: &domain::town::District| tally.districts.get(&district.id).copied().unwrap_or_default();
    let mut rows: Vec<(&str, u64)> =
        town.districts.iter().map(|district| (district.name.as_str(), of(district))).collect();
    let gone: u64 = tally.districts.iter().filter(|(id, _)| town.district(id).is_none()).map(|(_, count)| count).sum();
    if 0 < gone {
        rows.push((words::GONE_DISTRICTS, gone));
    }
    rows.push((words::NO_DISTRICT, tally.without_district));
    let parts: Vec<u64> = rows.iter().map(|(_, count)| *count).collect();
    let cells = rows.iter().zip(shown(&parts)).map(|((name, _), shown)| vec![html! { (name) }, part(shown)]);
    let total = vec![html! { (words::TOTAL) }, html! { (kit::count(tally.following)) }];
    let rows: Vec<Vec<Markup>> = cells.chain([total]).collect();
    let columns = [Column::row_head(words::DISTRICT), Column::number(words::NUMBER)];
    html! {
        p.hint { (words::BY_DISTRICT_HINT) }
        (kit::table(words::BY_DISTRICT, &columns, &rows, &html! {}))
    }
}

fn part(shown: Shown) -> Markup {
    match shown {
        Shown::Exactly(number) => html! { (kit::count(number)) },
        Shown::Few => html! { (words::FEW) },
        Shown::Withheld => html! { (words::WITHHELD) },
    }
}

fn by_topic(tally: &Tally, town: &Town) -> Markup {
    let row = |topic: &domain::town::Topic| {
        let hear = kit::count(tally.hear(&topic.id, topic.default));
        vec![html! { (topic.name.ja) }, html! { (hear) }]
    };
    let rows: Vec<Vec<Markup>> = town.topics.iter().map(row).collect();
    let columns = [Column::row_head(words::TOPIC), Column::number(words::HEAR)];
    kit::table(words::BY_TOPIC, &columns, &rows, &html! { p { (words::NO_TOPICS) } })
}

fn by_language(tally: &Tally) -> Markup {
    let row = |language: Language| {
        let number = tally.languages.get(&language).copied().unwrap_or_default();
        vec![html! { (words::language(language)) }, html! { (kit::count(number)) }]
    };
    let rows: Vec<Vec<Markup>> = Language::ALL.into_iter().map(row).collect();
    let columns = [Column::row_head(words::LANGUAGE), Column::number(words::NUMBER)];
    kit::table(words::BY_LANGUAGE, &columns, &rows, &html! {})
}

fn by_day(tally: &Tally) -> Markup {
    let days = tally.by_day(DAYS);
    let rows = days.into_iter().rev().map(|(day, moved)| bars(kit::written(day), moved)).collect::<Vec<_>>();
    html! {
        p.hint { (words::MOVED_HINT) }
        (kit::bar_chart(words::BY_DAY, words::DAY, &[words::CAME, words::LEFT], &rows))
    }
}

fn by_month(tally: &Tally) -> Markup {
    let months = tally.by_month().into_iter().rev();
    let rows: Vec<Bars> = months.map(|(month, moved)| bars(words::month(month.year(), month.month()), moved)).collect();
    kit::bar_chart(words::BY_MONTH, words::MONTH, &[words::CAME, words::LEFT], &rows)
}

fn bars(label: String, moved: Moved) -> Bars {
    Bars { label, counts: vec![moved.came, moved.left] }
}

fn by_count(history: &[DayCount]) -> Markup {
    let row = |count: &DayCount| Bars { label: kit::written(count.day), counts: vec![count.following, count.blocked] };
    let rows: Vec<Bars> = history.iter().rev().map(row).collect();
    kit::bar_chart(words::HISTORY, words::DAY, &[words::NUMBER, words::HISTORY_BLOCKED], &rows)
}
