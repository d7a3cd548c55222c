//! A table as a file. That it was taken out is written down.

use domain::audit::{Act, Action, Actor};

use super::table_of;
use crate::web::{Answer, Call, Failure, File};

/// `POST /town/{table}/export`
pub async fn export(call: Call) -> Result<Answer, Failure> {
    let table = table_of(&call)?;
    let snapshot = call.console.desk.now().await?;
    let bytes = app::town::edit::export(&snapshot, table)?;
    let act = Act {
        at: call.now,
        actor: Actor::Staff(call.person()?.staff.id.clone()),
        action: Action::Export,
        subject: table.file().to_owned(),
        department: None,
        before: String::new(),
        after: format!("{{\"records\":{}}}", snapshot.entries(table).len()),
    };
    call.console.audit.append(&act).await?;
    Ok(Answer::File(File { name: table.file().to_owned(), content_type: "text/csv; charset=utf-8", bytes }))
}
