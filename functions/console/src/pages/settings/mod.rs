//! The town's settings (設定): what there is, one form for each part, and what the rich menu holds.

mod conflict;
mod edit;
mod form;
mod menu;
pub mod outside;

pub use edit::{save, show};
pub use menu::show as menu;

use app::town::data::TownProfile;
use app::town::edit::{Editor, SettingsPart};
use domain::language::Language;
use maud::{Markup, html};

use crate::kit::{self, ButtonKind, NoticeKind};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::{Said, Section};
use crate::words::outside as outside_words;
use crate::words::settings as words;
use crate::words::town as town_words;

/// `GET /settings`
pub async fn overview(call: Call) -> Result<Answer, Failure> {
    let settings = call.console.desk.now().await?.settings();
    let change =
        |part: SettingsPart| kit::actions(&[kit::link_button(ButtonKind::Secondary, words::CHANGE, &path(part))]);
    let (town, sending, reports) = (SettingsPart::Town, SettingsPart::Sending, SettingsPart::Reports);
    let content = html! {
        (kit::heading(Section::Settings.label(), Some(words::LEAD)))
        p { a href="/town/history" { (town_words::HISTORY) } }
        (kit::section(words::part(town), &html! { (facts(town, &settings, &[(words::ID, &settings.id)])) (change(town)) }))
        (kit::section(words::part(sending), &html! {
            p { (words::SENDING_ABOUT) }
            (facts(sending, &settings, &[]))
            (change(sending))
        }))
        (kit::section(words::part(reports), &html! {
            p { (words::REPORTS_ABOUT) }
            (facts(reports, &settings, &[]))
            (change(reports))
        }))
        (kit::section(words::TEXTS, &texts(&settings)))
        (kit::section(words::MENU, &html! {
            p { (words::MENU_LEAD) }
            (kit::actions(&[kit::link_button(ButtonKind::Secondary, words::MENU_SHOW, menu::PATH)]))
        }))
        (kit::section(outside_words::OUTSIDE, &html! {
            p { (outside_words::LEAD) }
            (kit::actions(&[kit::link_button(ButtonKind::Secondary, outside_words::OPEN, outside::PATH)]))
        }))
        p { (words::FILES) }
    };
    let page = page(Section::Settings.label(), content);
    Ok(with_done(page, call.query.text("done")).into())
}

/// What stands in a part.
fn facts(part: SettingsPart, settings: &TownProfile, more: &[(&str, &str)]) -> Markup {
    let more = more.iter().map(|(name, value)| (*name, lines(value)));
    let cells = part.columns().iter().zip(part.cells(settings));
    let fields = cells.map(|(column, cell)| (words::field(column), lines(&words::value(column, &cell))));
    kit::definitions(&more.chain(fields).collect::<Vec<_>>())
}

/// The texts, language by language.
fn texts(settings: &TownProfile) -> Markup {
    html! {
        p { (words::TEXTS_ABOUT) }
        @for language in Language::ALL {
            @let part = SettingsPart::Texts(language);
            h3 { (words::language(language)) }
            @if !settings.profile.languages.contains(&language) { p { (words::NOT_OFFERED) } }
            (facts(part, settings, &[]))
            (kit::actions(&[kit::link_button(ButtonKind::Secondary, &words::title(part), &path(part))]))
        }
    }
}

/// Several lines stay several.
fn lines(text: &str) -> Markup {
    html! { @for (at, line) in text.lines().enumerate() { @if at > 0 { br; } (line) } }
}

/// The address of a part.
fn path(part: SettingsPart) -> String {
    format!("{}/{}", Section::Settings.path(), part.name())
}

/// Who edits.
fn editor(call: &Call) -> Result<Editor<'_>, Failure> {
    let staff = &call.person()?.staff;
    Ok(Editor { staff: &staff.id, roles: &staff.roles, now: call.now })
}

/// The links above a page.
fn crumbs(here: &str) -> Markup {
    kit::breadcrumbs(&[(Section::Settings.label(), Section::Settings.path())], here)
}

/// A page of this section.
fn page(title: impl Into<String>, content: Markup) -> Page {
    Page::new(title, Section::Settings, content)
}

/// Something said above the content.
fn said(kind: NoticeKind, said: Said, more: &Markup) -> Markup {
    kit::notice(kind, said.title, &html! { @if !said.text.is_empty() { p { (said.text) } } (more) })
}

/// The page with word of what was just done.
fn with_done(page: Page, done: &str) -> Page {
    let said = match done {
        "saved" => town_words::DONE_SAVED,
        "already" => town_words::DONE_ALREADY,
        _ => return page,
    };
    page.notice(NoticeKind::Success, said.title, said.text)
}
