//! One entry of the log, with everything in it.

use app::audit::is_plain;
use domain::audit::{Act, Action, Actor, Entry};
use jiff::civil::Date;
use maud::html;

use super::{Seen, states};
use crate::kit::{self, NoticeKind};
use crate::pages::people::roles::department_name;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audit as words;
use crate::words::frame::Section;

/// Where an entry's page is.
pub(super) fn path_of(entry: &Entry) -> String {
    format!("/audit/{}/{}", entry.day, entry.number)
}

/// `GET /audit/{day}/{number}`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let day: Date = call.param("day").parse().map_err(|_| Failure::NotFound)?;
    let number: u64 = call.param("number").parse().map_err(|_| Failure::NotFound)?;
    let found = call.console.audit.entries(day, number, 1).await?;
    let entry = found.into_iter().find(|entry| entry.number == number).ok_or(Failure::NotFound)?;
    let is_plain = is_plain(&entry.act);
    if !is_plain {
        call.console.audit.append(&look_at(&call, &entry)?).await?;
    }
    let (roster, _) = call.console.staff.roster().await?;
    let seen = Seen { roster: &roster, town: &call.town };
    let act = &entry.act;
    let mut facts = vec![
        (words::WHEN, kit::moment(act.at)),
        (words::WHO, seen.actor(&act.actor)),
        (words::WHAT, html! { (words::action(act.action)) }),
        (words::SUBJECT, seen.subject(act)),
    ];
    if let Some(department) = &act.department {
        facts.push((words::DEPARTMENT, html! { (department_name(&call.town, department)) }));
    }
    facts.push((words::PLACE, html! { (words::place(&kit::written(entry.day), entry.number)) }));
    let hashes =
        kit::definitions(&[(words::HASH, html! { (entry.hash.0) }), (words::PREVIOUS, html! { (entry.previous.0) })]);
    let content = html! {
        (kit::breadcrumbs(&[(Section::Audit.label(), Section::Audit.path())], words::ENTRY))
        (kit::heading(words::ENTRY, None))
        (kit::definitions(&facts))
        (states::whole(act, &seen))
        (kit::fold(words::HASHES, &hashes))
    };
    let page = Page::new(words::ENTRY, Section::Audit, content);
    Ok(if is_plain { page } else { page.notice(NoticeKind::Info, words::LOOK_RECORDED, "") }.into())
}

/// That somebody looked at what may be personal.
fn look_at(call: &Call, entry: &Entry) -> Result<Act, Failure> {
    Ok(Act {
        at: call.now,
        actor: Actor::Staff(call.person()?.staff.id.clone()),
        action: Action::ViewPersonalData,
        subject: format!("audit/{}/{}", entry.day, entry.number),
        department: entry.act.department.clone(),
        before: String::new(),
        after: String::new(),
    })
}
