//! The import of the friends from before: what it is for, how far it has come, and what can be done about it.

use app::followers::ImportDesk;
use app::ports::followers::{Job, Stage};
use jiff::SignedDuration;
use maud::{Markup, html};

use crate::kit::{self, ButtonKind, Form, NoticeKind, Progress, Tile};
use crate::web::{Answer, Call, Failure, Page};
use crate::words::broadcasts::SOMEBODY;
use crate::words::followers as words;
use crate::words::frame::Section;

/// Where the page is.
pub(crate) const PATH: &str = "/residents/import";
const RESUME_PATH: &str = "/residents/import/resume";
const BEGUN: &str = "begun";
const RESUMED: &str = "resumed";

/// An import that has not come on for so long is in trouble: it takes a step each minute.
const STUCK_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// `GET /residents/import`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let job = desk(&call).look().await?;
    let csrf = &call.person()?.csrf;
    let content = html! {
        (kit::breadcrumbs(&[(Section::Residents.label(), Section::Residents.path())], words::TITLE))
        (kit::heading(words::TITLE, Some(words::LEAD)))
        @if let Some(job) = &job { (standing(&call, job).await?) }
        (buttons(job.as_ref(), csrf))
        (kit::section(words::ABOUT, &html! { ul { @for fact in words::FACTS { li { (fact) } } } }))
    };
    let page = Page::new(words::TITLE, Section::Residents, content);
    Ok(match call.query.text("done") {
        BEGUN => page.notice(NoticeKind::Success, words::BEGUN.title, words::BEGUN.text).into(),
        RESUMED => page.notice(NoticeKind::Success, words::RESUMED.title, words::RESUMED.text).into(),
        _ => page.into(),
    })
}

/// `POST /residents/import`
pub async fn begin(call: Call) -> Result<Answer, Failure> {
    desk(&call).begin(&call.person()?.staff.id).await?;
    Ok(Answer::SeeOther(format!("{PATH}?done={BEGUN}")))
}

/// `POST /residents/import/resume`
pub async fn resume(call: Call) -> Result<Answer, Failure> {
    desk(&call).resume(&call.person()?.staff.id).await?;
    Ok(Answer::SeeOther(format!("{PATH}?done={RESUMED}")))
}

fn desk(call: &Call) -> ImportDesk {
    ImportDesk { imports: call.console.imports.clone(), clock: call.console.clock.clone() }
}

/// How far it has come, and why no further.
async fn standing(call: &Call, job: &Job) -> Result<Markup, Failure> {
    let (roster, _) = call.console.staff.roster().await?;
    let by = roster.get(&job.by).map_or(SOMEBODY, |person| person.name.as_str());
    let notice = |kind, said: crate::words::frame::Said| kit::notice(kind, said.title, &html! { p { (said.text) } });
    let (told, last) = match job.stage {
        Stage::Going if STUCK_AFTER < call.now.duration_since(job.moved) => {
            (html! { (notice(NoticeKind::Warning, words::STUCK)) (going()) }, (words::MOVED, job.moved))
        }
        Stage::Going => (going(), (words::MOVED, job.moved)),
        Stage::Finished(at) => (notice(NoticeKind::Success, words::FINISHED), (words::ENDED, at)),
        Stage::Failed(why) => (notice(NoticeKind::Error, words::failure(why)), (words::MOVED, job.moved)),
    };
    let tile = |label, number| Tile { label, value: kit::count(number), unit: words::PEOPLE, href: None };
    let seen = job.seen;
    let progress = html! {
        (kit::tiles(&[
            tile(words::FRIENDS, seen.friends),
            tile(words::NEW, seen.new),
            tile(words::KNOWN, seen.known()),
        ]))
        @if 0 < seen.odd { p.hint { (words::odd(seen.odd)) } }
        (kit::definitions(&[
            (words::BY, html! { (by) }),
            (words::BEGAN, kit::moment(job.began)),
            (last.0, kit::moment(last.1)),
        ]))
    };
    Ok(html! { (told) (kit::section(words::PROGRESS, &progress)) })
}

/// How long the list is LINE does not say: there is no end to measure by.
fn going() -> Markup {
    let progress = Progress { label: words::GOING, done: 0, total: 0, page: PATH, poll: None };
    html! { (kit::progress(&progress)) p.hint { (words::GOING_HINT) } }
}

fn buttons(job: Option<&Job>, csrf: &str) -> Markup {
    let begin = |kind, label| kit::post_button(kind, label, &Form::post(PATH, csrf), &[]);
    let resume = || kit::post_button(ButtonKind::Primary, words::RESUME, &Form::post(RESUME_PATH, csrf), &[]);
    match job.map(|job| job.stage) {
        None => kit::actions(&[begin(ButtonKind::Primary, words::BEGIN)]),
        Some(Stage::Going) => html! {},
        Some(Stage::Finished(_)) => kit::actions(&[begin(ButtonKind::Secondary, words::BEGIN_AGAIN)]),
        Some(Stage::Failed(_)) => kit::actions(&[resume(), begin(ButtonKind::Secondary, words::BEGIN_AGAIN)]),
    }
}
