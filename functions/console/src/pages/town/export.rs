//! A table as a file, or as several where one would be too large. That it was taken out is written down.

use app::town::table::TownTable;
use domain::audit::{Act, Action, Actor};
use maud::html;

use super::{crumbs, page, path, table_of};
use crate::kit::{self, ButtonKind, Form};
use crate::web::{Answer, Call, Failure, File};
use crate::words::town as words;

const PART: &str = "part";

/// `POST /town/{table}/export`
pub async fn export(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    let snapshot = call.console.desk.now().await?;
    let mut parts = app::town::edit::export(&snapshot, table)?;
    let (count, asked) = (parts.len(), call.form.text(PART).parse::<usize>().ok());
    let (number, name) = match asked.filter(|number| (1..=count).contains(number)) {
        _ if count == 1 => (1, table.file().to_owned()),
        Some(number) => (number, format!("{}-{number}.csv", table.name())),
        None => return in_parts(&call, table, count),
    };
    let act = Act {
        at: call.now,
        actor: Actor::Staff(call.person()?.staff.id.clone()),
        action: Action::Export,
        subject: table.file().to_owned(),
        department: None,
        before: String::new(),
        after: serde_json::json!({ "records": snapshot.entries(table).len() }).to_string(),
    };
    call.console.audit.append(&act).await?;
    Ok(Answer::File(File { name, content_type: "text/csv; charset=utf-8", bytes: parts.swap_remove(number - 1) }))
}

/// Offers the files one by one.
fn in_parts(call: &Call, table: TownTable, count: usize) -> Result<Answer, Failure> {
    let address = format!("{}/export", path(table));
    let form = Form::post(&address, &call.person()?.csrf);
    let button = |number: usize| {
        let label = words::part(number, count);
        kit::post_button(ButtonKind::Secondary, &label, &form, &[(PART, &number.to_string())])
    };
    let content = html! {
        (crumbs(table, words::EXPORT))
        (kit::heading(words::EXPORT, Some(words::EXPORT_PARTS)))
        @for number in 1..=count { p { (button(number)) } }
    };
    Ok(page(words::EXPORT, content).into())
}
