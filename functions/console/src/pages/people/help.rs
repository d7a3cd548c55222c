//! What each role may, in plain words. Everybody may read it.

use maud::{Markup, html};

use crate::kit::{self, Column};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::people as words;

/// `GET /people/help`
pub async fn show(_: Call) -> Result<Answer, Failure> {
    let [role, may, suits] = words::HELP_COLUMNS;
    let rows: Vec<Vec<Markup>> = words::HELP_ROLES
        .iter()
        .map(|(role, may, suits)| vec![html! { (role) }, html! { (may) }, html! { (suits) }])
        .collect();
    let content = html! {
        (kit::breadcrumbs(&[(Section::Home.label(), Section::Home.path())], words::HELP))
        (kit::heading(words::HELP, Some(words::HELP_LEAD)))
        (kit::table(words::HELP, &[Column::row_head(role), Column::text(may), Column::text(suits)], &rows, &html! {}))
        (kit::section(words::HELP_RULES_HEAD, &html! { ul { @for rule in words::HELP_RULES { li { (rule) } } } }))
    };
    Ok(Page::new(words::HELP, Section::People, content).into())
}
