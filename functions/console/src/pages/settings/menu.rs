//! What the rich menu holds: its tabs, and what each place on them does. It is changed by the town's files.

use app::town::data::{MenuArea, MenuTab};
use maud::{Markup, html};

use super::{crumbs, lines, page};
use crate::kit::{self, BadgeKind, Column, NoticeKind};
use crate::web::{Answer, Call, Failure};
use crate::words::settings as words;

/// Where it is shown.
pub(super) const PATH: &str = "/settings/menu";

/// `GET /settings/menu`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let snapshot = call.console.desk.now().await?;
    let tabs = &snapshot.data.menu;
    let content = html! {
        (crumbs(words::MENU))
        (kit::heading(words::MENU, Some(words::MENU_LEAD)))
        p { (words::MENU_HOW) }
        @if tabs.is_empty() { (kit::notice(NoticeKind::Info, words::NO_MENU, &html! {})) }
        @for (at, one) in tabs.iter().enumerate() { (kit::section(&one.name, &tab(at, one, tabs))) }
    };
    Ok(page(words::MENU, content).into())
}

fn tab(at: usize, tab: &MenuTab, tabs: &[MenuTab]) -> Markup {
    let size = format!("{}×{}", tab.width, tab.height);
    let facts = [
        (words::ALIAS, html! { (tab.alias) }),
        (words::CHAT_BAR, html! { (tab.chat_bar_text) }),
        (words::PICTURE, html! { (tab.image) "（" (size) "）" }),
    ];
    let columns = [
        Column::row_head(words::NUMBER),
        Column::text(words::LABEL),
        Column::text(words::ACTION),
        Column::text(words::PLACE),
    ];
    let name = |alias: &str| {
        let known = tabs.iter().find(|tab| tab.alias == alias);
        known.map_or(alias, |tab| &tab.name).to_owned()
    };
    let row = |(at, area): (usize, &MenuArea)| {
        vec![
            html! { (at + 1) },
            html! { (area.label) },
            lines(&words::action(&area.action, name)),
            html! { (words::place(area.x, area.y, area.width, area.height)) },
        ]
    };
    let rows: Vec<Vec<Markup>> = tab.areas.iter().enumerate().map(row).collect();
    html! {
        @if at == 0 { p { (kit::badge(BadgeKind::Active, words::FIRST_TAB)) } }
        (kit::definitions(&facts))
        (drawing(tab))
        (kit::table(&words::places(&tab.name), &columns, &rows, &html! {}))
    }
}

/// The places with their numbers, as they lie on the picture. The table below says the same in words.
fn drawing(tab: &MenuTab) -> Markup {
    html! {
        svg.menu-drawing viewBox={ "0 0 " (tab.width) " " (tab.height) } aria-hidden="true" focusable="false" {
            @for (at, area) in tab.areas.iter().enumerate() {
                rect x=(area.x) y=(area.y) width=(area.width) height=(area.height) {}
                text x=(area.x + area.width / 2) y=(area.y + area.height / 2) { (at + 1) }
            }
        }
    }
}
