//! Every route of the console, and what each asks of the person: there is no way to add one without saying so.

use std::future::Future;
use std::pin::Pin;

use app::town::edit::Owner;
use domain::staff::Act;
use domain::town::Town;
use http::Method;

use crate::pages;
use crate::web::{Answer, Call, Failure};

/// A form has at most this many bytes; 5,000 characters of text, encoded for a form, have 45,000.
pub const FORM_BYTES_MAX: usize = 256 * 1024;
/// A form with a file has at most this many. Lambda takes no request over 6 MB, its Base64 included.
pub const UPLOAD_BYTES_MAX: usize = 4_400_000;

/// A page being made.
pub type Serving = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send>>;

/// One route.
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// The path, with `{name}` for what differs.
    pub path: &'static str,
    /// Who may.
    pub rule: Rule,
    /// How much may be sent.
    pub body_max: usize,
    /// Makes the answer.
    pub serve: fn(Call) -> Serving,
}

/// Who may use a route.
#[derive(Clone, Copy)]
pub enum Rule {
    /// Anybody.
    Public,
    /// Anybody, and there is nothing in it but what is built into the console: for it the table is not asked.
    Embedded,
    /// Whose roles allow this act.
    May(Act<'static>),
    /// Who may change what the path names. `None`: there is no such thing.
    EditFor(fn(&Town, &Call) -> Option<Owner>),
}

macro_rules! get {
    ($path:literal, $rule:expr, $serve:path) => {
        Route { method: Method::GET, path: $path, rule: $rule, body_max: 0, serve: |call| Box::pin($serve(call)) }
    };
}

macro_rules! post {
    ($path:literal, $rule:expr, $serve:path) => {
        post!($path, $rule, $serve, FORM_BYTES_MAX)
    };
    ($path:literal, $rule:expr, $serve:path, $body_max:expr) => {
        Route {
            method: Method::POST,
            path: $path,
            rule: $rule,
            body_max: $body_max,
            serve: |call| Box::pin($serve(call)),
        }
    };
}

/// All of them, in groups of one section each.
#[expect(clippy::too_many_lines, reason = "a table: one line for each")]
#[must_use]
pub fn all() -> Vec<Route> {
    const ENTER: Rule = Rule::May(Act::Enter);
    const WRITE: Rule = Rule::May(Act::Write);
    const RECORD: Rule = Rule::EditFor(pages::town::owner);
    const SETTINGS: Rule = Rule::May(Act::EditTown);
    const FOLLOWERS: Rule = Rule::May(Act::ImportFollowers);
    const PEOPLE: Rule = Rule::May(Act::ManagePeople);
    const AUDIT: Rule = Rule::May(Act::ReadAudit);
    const WATCH: Rule = Rule::May(Act::Watch);
    vec![
        get!("/", ENTER, pages::home::show),
        // Broadcasts. Whose one is stands in the table: the pages look at that.
        get!("/broadcasts", ENTER, pages::broadcasts::list::list),
        get!("/broadcasts/new", WRITE, pages::broadcasts::write::create),
        post!("/broadcasts/new", WRITE, pages::broadcasts::write::save_new, UPLOAD_BYTES_MAX),
        get!("/broadcasts/after", ENTER, pages::broadcasts::after::show),
        post!("/broadcasts/after/export", ENTER, pages::broadcasts::after::export),
        get!("/broadcasts/pictures/{id}", ENTER, pages::broadcasts::picture),
        get!("/broadcasts/{id}", ENTER, pages::broadcasts::show::show),
        get!("/broadcasts/{id}/progress.json", ENTER, pages::broadcasts::progress::progress),
        get!("/broadcasts/{id}/counting.json", WRITE, pages::broadcasts::show::count_on),
        get!("/broadcasts/{id}/edit", WRITE, pages::broadcasts::write::edit),
        post!("/broadcasts/{id}/edit", WRITE, pages::broadcasts::write::save, UPLOAD_BYTES_MAX),
        post!("/broadcasts/{id}/copy", WRITE, pages::broadcasts::act::copy),
        post!("/broadcasts/{id}/ask", WRITE, pages::broadcasts::act::ask),
        post!("/broadcasts/{id}/approve", WRITE, pages::broadcasts::act::approve),
        post!("/broadcasts/{id}/take-back", WRITE, pages::broadcasts::act::take_back),
        get!("/broadcasts/{id}/stop", WRITE, pages::broadcasts::act::ask_stop),
        post!("/broadcasts/{id}/stop", WRITE, pages::broadcasts::act::stop),
        post!("/broadcasts/{id}/resume", WRITE, pages::broadcasts::act::resume),
        post!("/broadcasts/{id}/remark", WRITE, pages::broadcasts::act::remark),
        post!("/broadcasts/{id}/template", WRITE, pages::broadcasts::templates::keep),
        // What departments keep to write them with: here, too, the pages look whose it is.
        get!("/broadcasts/templates", ENTER, pages::broadcasts::templates::list),
        get!("/broadcasts/templates/new", WRITE, pages::broadcasts::templates::edit::create),
        post!("/broadcasts/templates/new", WRITE, pages::broadcasts::templates::edit::save_new, UPLOAD_BYTES_MAX),
        get!("/broadcasts/templates/{id}", ENTER, pages::broadcasts::templates::show),
        get!("/broadcasts/templates/{id}/edit", WRITE, pages::broadcasts::templates::edit::edit),
        post!("/broadcasts/templates/{id}/edit", WRITE, pages::broadcasts::templates::edit::save, UPLOAD_BYTES_MAX),
        post!("/broadcasts/templates/{id}/take-again", WRITE, pages::broadcasts::templates::take_again),
        post!("/broadcasts/templates/{id}/write", WRITE, pages::broadcasts::templates::write_with),
        get!("/broadcasts/templates/{id}/remove", WRITE, pages::broadcasts::templates::ask_remove),
        post!("/broadcasts/templates/{id}/remove", WRITE, pages::broadcasts::templates::remove),
        get!("/broadcasts/audiences", ENTER, pages::broadcasts::saved::list),
        get!("/broadcasts/audiences/{department}/{id}/remove", WRITE, pages::broadcasts::saved::ask_remove),
        post!("/broadcasts/audiences/{department}/{id}/remove", WRITE, pages::broadcasts::saved::remove),
        // The rules that write them: here, too, the pages look whose it is.
        get!("/reminders", ENTER, pages::reminders::list::list),
        get!("/reminders/new", WRITE, pages::reminders::write::create),
        post!("/reminders/new", WRITE, pages::reminders::write::save_new, UPLOAD_BYTES_MAX),
        post!("/reminders/new/garbage", WRITE, pages::reminders::act::begin_garbage),
        get!("/reminders/{id}", ENTER, pages::reminders::show::show),
        get!("/reminders/{id}/counting.json", WRITE, pages::reminders::show::count_on),
        get!("/reminders/{id}/edit", WRITE, pages::reminders::write::edit),
        post!("/reminders/{id}/edit", WRITE, pages::reminders::write::save, UPLOAD_BYTES_MAX),
        post!("/reminders/{id}/ask", WRITE, pages::reminders::act::ask),
        post!("/reminders/{id}/approve", WRITE, pages::reminders::act::approve),
        post!("/reminders/{id}/take-back", WRITE, pages::reminders::act::take_back),
        post!("/reminders/{id}/pause", WRITE, pages::reminders::act::pause),
        post!("/reminders/{id}/go-on", WRITE, pages::reminders::act::go_on),
        get!("/reminders/{id}/end", WRITE, pages::reminders::act::ask_end),
        post!("/reminders/{id}/end", WRITE, pages::reminders::act::end),
        get!("/reminders/{id}/remove", WRITE, pages::reminders::act::ask_remove),
        post!("/reminders/{id}/remove", WRITE, pages::reminders::act::remove),
        post!("/reminders/{id}/try", WRITE, pages::reminders::act::try_out),
        // Damage reports. To which department one belongs stands in the table: the pages look at that.
        get!("/reports", ENTER, pages::reports::list::list),
        get!("/reports/map", ENTER, pages::reports::map::show),
        get!("/reports/new", WRITE, pages::reports::enter::create),
        post!("/reports/new", WRITE, pages::reports::enter::save),
        post!("/reports/export", ENTER, pages::reports::export::export),
        get!("/reports/{id}", ENTER, pages::reports::show::show),
        get!("/reports/{id}/print", ENTER, pages::reports::print::show),
        post!("/reports/{id}/act", WRITE, pages::reports::act::act),
        get!("/reports/{id}/release", WRITE, pages::reports::release::ask),
        post!("/reports/{id}/release", WRITE, pages::reports::release::decide),
        get!("/reports/{id}/merge", WRITE, pages::reports::merge::ask),
        post!("/reports/{id}/merge", WRITE, pages::reports::merge::merge),
        // Residents
        get!("/residents", ENTER, pages::residents::show),
        get!("/residents/counting.json", ENTER, pages::residents::counting),
        post!("/residents/count", ENTER, pages::residents::begin),
        get!("/residents/import", FOLLOWERS, pages::followers::show),
        post!("/residents/import", FOLLOWERS, pages::followers::begin),
        post!("/residents/import/resume", FOLLOWERS, pages::followers::resume),
        // Questions that nothing answered
        get!("/questions", WRITE, pages::questions::list),
        get!("/questions/counting.json", WRITE, pages::questions::counting),
        post!("/questions/ignore", WRITE, pages::questions::ignore),
        post!("/questions/reopen", WRITE, pages::questions::reopen),
        post!("/questions/item", WRITE, pages::questions::item),
        post!("/questions/alias", WRITE, pages::questions::alias),
        // The collection calendar. Whose collections a day has its categories say: the pages look at that.
        get!("/garbage", ENTER, pages::garbage::list::list),
        get!("/garbage/areas/{area}", ENTER, pages::garbage::area::show),
        get!("/garbage/areas/{area}/year", ENTER, pages::garbage::year::show),
        get!("/garbage/changes", ENTER, pages::garbage::changes::list),
        get!("/garbage/changes/{change}", ENTER, pages::garbage::changes::show),
        post!("/garbage/changes/{change}/broadcast", WRITE, pages::garbage::changes::news::write),
        get!("/garbage/cancel", WRITE, pages::garbage::changes::cancel::create),
        post!("/garbage/cancel", WRITE, pages::garbage::changes::cancel::save),
        // The town's data. Whose a new or changed record is its content says: the use case looks at that, before and after.
        get!("/town", ENTER, pages::town::overview),
        get!("/town/history", ENTER, pages::town::history),
        get!("/town/history/{revision}", ENTER, pages::town::past),
        post!("/town/history/{revision}/undo", WRITE, pages::town::undo),
        get!("/town/{table}", ENTER, pages::town::list),
        post!("/town/{table}/export", ENTER, pages::town::export),
        get!("/town/{table}/new", WRITE, pages::town::create),
        post!("/town/{table}/new", WRITE, pages::town::save),
        get!("/town/{table}/edit", RECORD, pages::town::show),
        post!("/town/{table}/edit", WRITE, pages::town::change),
        get!("/town/{table}/remove", RECORD, pages::town::ask_remove),
        post!("/town/{table}/remove", WRITE, pages::town::remove),
        get!("/town/{table}/import", WRITE, pages::town::begin_import),
        post!("/town/{table}/import", WRITE, pages::town::upload, UPLOAD_BYTES_MAX),
        get!("/town/{table}/import/{upload}", WRITE, pages::town::preview),
        post!("/town/{table}/import/{upload}", WRITE, pages::town::import),
        // The town's settings
        get!("/settings", SETTINGS, pages::settings::overview),
        get!("/settings/menu", SETTINGS, pages::settings::menu),
        get!("/settings/outside", SETTINGS, pages::settings::outside::list),
        get!("/settings/outside/keys/new", SETTINGS, pages::settings::outside::keys::create),
        post!("/settings/outside/keys/new", SETTINGS, pages::settings::outside::keys::save),
        get!("/settings/outside/keys/{hash}/remove", SETTINGS, pages::settings::outside::keys::ask_remove),
        post!("/settings/outside/keys/{hash}/remove", SETTINGS, pages::settings::outside::keys::remove),
        get!("/settings/outside/hooks/new", SETTINGS, pages::settings::outside::hooks::create),
        post!("/settings/outside/hooks/new", SETTINGS, pages::settings::outside::hooks::save),
        get!("/settings/outside/hooks/{id}/remove", SETTINGS, pages::settings::outside::hooks::ask_remove),
        post!("/settings/outside/hooks/{id}/remove", SETTINGS, pages::settings::outside::hooks::remove),
        get!("/settings/{part}", SETTINGS, pages::settings::show),
        post!("/settings/{part}", SETTINGS, pages::settings::save),
        // A message to oneself
        get!("/trial", WRITE, pages::trial::show),
        post!("/trial", WRITE, pages::trial::send),
        post!("/trial/code", WRITE, pages::trial::code),
        post!("/trial/disconnect", WRITE, pages::trial::disconnect),
        // Coming and going
        get!("/sign-in", Rule::Public, pages::sign_in::begin),
        get!("/sign-in/callback", Rule::Public, pages::sign_in::finish),
        get!("/signed-in", Rule::Public, pages::sign_in::signed_in),
        get!("/signed-out", Rule::Public, pages::sign_in::signed_out),
        post!("/sign-out", ENTER, pages::sign_in::sign_out),
        get!("/sessions", ENTER, pages::sessions::show),
        post!("/sessions/end-others", ENTER, pages::sessions::end_others),
        get!("/assets/{name}", Rule::Embedded, pages::assets::show),
        // People
        get!("/people", PEOPLE, pages::people::list),
        post!("/people", PEOPLE, pages::people::search),
        get!("/people/help", ENTER, pages::people::help),
        get!("/people/invite", PEOPLE, pages::people::begin_invitation),
        post!("/people/invite", PEOPLE, pages::people::send_invitation),
        get!("/people/{id}", PEOPLE, pages::people::show),
        post!("/people/{id}", PEOPLE, pages::people::save),
        post!("/people/{id}/mail", PEOPLE, pages::people::mail),
        get!("/people/{id}/disable", PEOPLE, pages::people::ask_disable),
        post!("/people/{id}/disable", PEOPLE, pages::people::disable),
        get!("/people/{id}/enable", PEOPLE, pages::people::ask_enable),
        post!("/people/{id}/enable", PEOPLE, pages::people::enable),
        // Audit
        get!("/audit", AUDIT, pages::audit::list),
        post!("/audit", AUDIT, pages::audit::search),
        get!("/audit/{day}/{number}", AUDIT, pages::audit::entry),
        post!("/audit/export", AUDIT, pages::audit::export),
        get!("/audit/check", AUDIT, pages::audit::check),
        post!("/audit/check", AUDIT, pages::audit::begin_check),
        get!("/audit/checking.json", AUDIT, pages::audit::checking),
        // Whether all runs
        get!("/watch", WATCH, pages::watch::show),
        get!("/watch/{flow}/redrive", WATCH, pages::watch::redrive::ask),
        post!("/watch/{flow}/redrive", WATCH, pages::watch::redrive::redrive),
    ]
}
