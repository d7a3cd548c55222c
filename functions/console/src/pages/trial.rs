//! A message to one's own phone, and the way to connect that phone.

use app::staff::{disconnect_phone, offer_code};
use app::trial::{Outcome, Trial, TrialId, TrialText, UnfitText};
use domain::audit::Action;
use domain::reply::TEXT_UNITS_MAX;
use domain::staff::Staff;
use domain::time::in_japan;
use http::StatusCode;
use maud::{Markup, html};

use crate::kit::{self, ButtonKind, Errors, Field, Form, NoticeKind, Tile};
use crate::web::{Answer, Call, Failure, Page, Person};
use crate::words::frame::{Said, Section};
use crate::words::trial as words;

const TEXT: &str = "text";
const ID: &str = "id";
const DO: &str = "do";
const SHOW: &str = "show";
const SENT: &str = "sent";
const ALREADY_SENT: &str = "already-sent";
const DISCONNECTED: &str = "disconnected";

/// What stands in the form.
struct Draft {
    id: TrialId,
    text: String,
    errors: Errors,
}

impl Draft {
    fn new(call: &Call, text: String) -> Self {
        Self { id: TrialId::mint(&*call.console.chance, call.now), text, errors: Errors::default() }
    }
}

/// `GET /trial`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let page = page(&call, &Draft::new(&call, String::new()))?;
    let said = match call.query.text("done") {
        SENT => Some((NoticeKind::Success, words::SENT)),
        ALREADY_SENT => Some((NoticeKind::Info, words::ALREADY_SENT)),
        DISCONNECTED => Some((NoticeKind::Success, words::DISCONNECTED)),
        _ => None,
    };
    Ok(match said {
        Some((kind, said)) => page.notice(kind, said.title, said.text).into(),
        None => page.into(),
    })
}

/// `POST /trial`: sends, or shows how it looks.
pub async fn send(call: Call) -> Result<Answer, Failure> {
    let staff = &call.person()?.staff;
    let id = TrialId::parse(call.form.text(ID)).ok_or(Failure::BadRequest)?;
    let mut draft = Draft { id, text: call.form.long_text(TEXT), errors: Errors::default() };
    if call.form.text(DO) == SHOW {
        return Ok(page(&call, &draft)?.into());
    }
    let text = match TrialText::new(draft.text.clone()) {
        Ok(text) => text,
        Err(unfit) => {
            draft.errors.add(TEXT, said_of(unfit));
            return Ok(page(&call, &draft)?.status(StatusCode::UNPROCESSABLE_ENTITY).into());
        }
    };
    match use_case(&call).send(staff, id, &text).await? {
        Outcome::Sent => Ok(done(SENT)),
        Outcome::AlreadySent => Ok(done(ALREADY_SENT)),
        Outcome::TooOld => {
            let page = page(&call, &Draft::new(&call, draft.text))?;
            Ok(unsent(page, NoticeKind::Warning, StatusCode::CONFLICT, words::TOO_OLD).into())
        }
        outcome => {
            let (kind, status, said) = unsent_words(outcome);
            Ok(unsent(page(&call, &draft)?, kind, status, said).into())
        }
    }
}

/// `POST /trial/code`: the answer itself shows the code, which belongs into no address.
pub async fn code(call: Call) -> Result<Answer, Failure> {
    let Person { staff, csrf, .. } = call.person()?;
    call.record_seldom(Action::OfferCode).await?;
    let (code, expires) = offer_code(&*call.console.staff, &*call.console.chance, &staff.id, call.now).await?;
    let until = words::good_until(&kit::time_of_day(in_japan(expires).time()));
    let tile = Tile { label: words::CODE_LABEL, value: words::code(&code.0), unit: "", href: None };
    let content = html! {
        (kit::breadcrumbs(&[(words::TITLE, Section::Trial.path())], words::CODE_TITLE))
        (kit::heading(words::CODE_TITLE, None))
        ol { @for step in words::CODE_STEPS { li { (step) } } }
        (kit::tiles(&[tile]))
        p { (until) " " (words::CODE_SECRET) }
        (kit::actions(&[
            kit::link_button(ButtonKind::Primary, words::CODE_CHECK, Section::Trial.path()),
            kit::post_button(ButtonKind::Plain, words::CODE_AGAIN, &Form::post("/trial/code", csrf), &[]),
        ]))
    };
    Ok(Page::new(words::CODE_TITLE, Section::Trial, content).into())
}

/// `POST /trial/disconnect`
pub async fn disconnect(call: Call) -> Result<Answer, Failure> {
    disconnect_phone(&*call.console.staff, &call.person()?.staff.id, call.now).await?;
    Ok(done(DISCONNECTED))
}

/// The use case of test messages.
pub(super) fn use_case(call: &Call) -> Trial {
    let console = &call.console;
    Trial {
        messenger: console.messenger.clone(),
        reach: console.reach.clone(),
        quotas: console.quotas.clone(),
        audit: console.audit.clone(),
        clock: console.clock.clone(),
    }
}

fn done(what: &str) -> Answer {
    Answer::SeeOther(format!("{}?done={what}", Section::Trial.path()))
}

fn said_of(unfit: UnfitText) -> String {
    match unfit {
        UnfitText::Empty => words::EMPTY.to_owned(),
        UnfitText::TooLong(over) => words::too_long(over),
    }
}

fn unsent(page: Page, kind: NoticeKind, status: StatusCode, said: Said) -> Page {
    page.status(status).notice(kind, said.title, said.text)
}

/// What is said of what became of a test message.
pub(super) fn unsent_words(outcome: Outcome) -> (NoticeKind, StatusCode, Said) {
    let (status, said) = match outcome {
        Outcome::Sent => (StatusCode::OK, words::SENT),
        Outcome::AlreadySent => (StatusCode::OK, words::ALREADY_SENT),
        Outcome::TooOld => (StatusCode::CONFLICT, words::TOO_OLD),
        Outcome::NoPhone => (StatusCode::CONFLICT, words::NO_PHONE),
        Outcome::Blocked => (StatusCode::CONFLICT, words::BLOCKED),
        Outcome::Refused => (StatusCode::UNPROCESSABLE_ENTITY, words::REFUSED),
        Outcome::QuotaUsedUp => (StatusCode::SERVICE_UNAVAILABLE, words::QUOTA),
        Outcome::Busy => (StatusCode::SERVICE_UNAVAILABLE, words::BUSY),
        Outcome::NotLetIn => (StatusCode::SERVICE_UNAVAILABLE, words::NOT_LET_IN),
        Outcome::Unclear => return (NoticeKind::Warning, StatusCode::SERVICE_UNAVAILABLE, words::UNCLEAR),
    };
    (NoticeKind::Error, status, said)
}

fn page(call: &Call, draft: &Draft) -> Result<Page, Failure> {
    let Person { staff, csrf, .. } = call.person()?;
    let content = html! {
        (kit::heading(words::TITLE, Some(words::LEAD)))
        @if staff.phone.is_some() { (form(call, csrf, draft)) }
        (kit::section(words::PHONE, &phone(staff, csrf)))
    };
    let title = kit::title(words::TITLE, &draft.errors);
    Ok(Page::new(title, Section::Trial, content))
}

fn form(call: &Call, csrf: &str, draft: &Draft) -> Markup {
    let field = Field::new(TEXT, words::TEXT).value(draft.text.as_str()).hint(words::TEXT_HINT).required();
    let field = field.units_max(TEXT_UNITS_MAX).error(draft.errors.of(TEXT));
    let target = Form::post(Section::Trial.path(), csrf);
    let target = if draft.text.is_empty() { target.warn_unsaved() } else { target.still_unsaved() };
    html! {
        (kit::error_summary(&draft.errors))
        (kit::form(&target, &html! {
            (kit::hidden(ID, &draft.id.to_string()))
            (kit::compose(&field, &call.town.profile.name))
            (kit::actions(&[
                kit::submit(ButtonKind::Primary, words::SEND),
                kit::submit_named(ButtonKind::Secondary, words::SHOW, DO, SHOW),
            ]))
        }))
    }
}

fn phone(staff: &Staff, csrf: &str) -> Markup {
    let button = |kind, label, to| kit::post_button(kind, label, &Form::post(to, csrf), &[]);
    html! {
        @if staff.phone.is_some() {
            p { (words::CONNECTED) }
            (button(ButtonKind::Plain, words::DISCONNECT, "/trial/disconnect"))
        } @else {
            p { (words::NOT_CONNECTED) }
            (button(ButtonKind::Primary, words::OFFER, "/trial/code"))
        }
    }
}
