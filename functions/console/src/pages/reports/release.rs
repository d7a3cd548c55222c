//! What everybody sees of a report: what staff write and mark for it, a look at it before it is out, and hiding it again.
//!
//! Nothing is kept before the last click: the page in between carries what was typed, and shows the photos within itself.

mod marks;

use app::report::desk::Outcome;
use app::report::release::{Marked, Wanted};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::PhotoId;
use domain::report::release::{RELEASED_CHARS_MAX, Release};
use domain::report::{Entry, Refusal, Report, What};
use http::StatusCode;
use maud::{Markup, html};

use super::act::{seen, unseen};
use super::deeds::Held;
use super::{SEEN, crumbs, history, kind_name, may_see, own, page, path, photos, standing_badge};
use crate::kit::{self, BadgeKind, ButtonKind, Choice, Errors, Field, Form, NoticeKind};
use crate::web::fields::Fields;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::frame::Section;
use crate::words::reports as report_words;
use crate::words::reports::deeds as deed_words;
use crate::words::reports::release as words;

/// The button that says what to do.
const STEP: &str = "step";
const PREVIEW: &str = "preview";
const EDIT: &str = "edit";
const PUBLISH: &str = "publish";
const HIDE: &str = "hide";

const WHAT: &str = "release-what";
const PLACE: &str = "release-place";
const OUTCOME: &str = "release-outcome";
/// A box for each photo.
const PHOTO: &str = "release-photo";

/// `GET /reports/{id}/release`
pub async fn ask(call: Call) -> Result<Answer, Failure> {
    let report = own(&call).await?;
    let held = Held { typed: &Fields::default(), errors: &Errors::default() };
    Ok(form(&call, &report, &held, &[]).await?.into())
}

/// `POST /reports/{id}/release`
pub async fn decide(call: Call) -> Result<Answer, Failure> {
    let report = own(&call).await?;
    let step = call.form.text(STEP);
    if step == HIDE {
        return hide(&call, &report).await;
    }
    let mut errors = Errors::default();
    let wanted = read(&call, &report, &mut errors);
    match step {
        EDIT => returned(&call, &report, &Errors::default(), StatusCode::OK).await,
        PREVIEW | PUBLISH if !errors.is_empty() => {
            returned(&call, &report, &errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        PREVIEW => preview(&call, &report, &wanted).await,
        PUBLISH => publish(&call, &report, &wanted).await,
        _ => Err(Failure::BadRequest),
    }
}

/// Whether everybody sees it, and what; on the report's own page.
pub(super) fn section(call: &Call, report: &Report, works: bool) -> Markup {
    let way = if report.release.is_some() { words::CHANGE } else { words::RELEASE };
    html! {
        p {
            @match (&report.release, report.public()) {
                (None, _) => { (kit::badge(BadgeKind::Neutral, words::NOT_PUBLIC)) }
                (Some(_), None) => { (kit::badge(BadgeKind::Caution, words::NOT_SHOWN)) }
                (Some(_), Some(_)) => { (kit::badge(BadgeKind::Active, words::IS_PUBLIC)) }
            }
        }
        @if let Some(release) = &report.release { (released(call, release)) }
        @if works {
            (kit::actions(&[kit::link_button(ButtonKind::Secondary, way, &format!("{}/release", path(&report.id)))]))
        }
    }
}

/// The page may show the copies that everybody sees.
pub(super) fn allowed(call: &Call, report: &Report, page: Page) -> Page {
    let copies = report.release.iter().flat_map(|release| &release.photos);
    copies.fold(page, |page, shown| page.image_from(&call.console.releases.addresses.urls(&shown.copy).preview))
}

/// What is out.
fn released(call: &Call, release: &Release) -> Markup {
    let addresses = &call.console.releases.addresses;
    html! {
        (kit::definitions(&facts(&release.what, &release.place, &release.outcome)))
        (kit::definitions(&[(words::SINCE, kit::moment(release.at))]))
        @if !release.photos.is_empty() {
            ul.photos {
                @for (at, shown) in release.photos.iter().enumerate() {
                    li {
                        img src=(addresses.urls(&shown.copy).preview) alt=(words::shown(&report_words::photo(at + 1)))
                            loading="lazy";
                    }
                }
            }
        }
    }
}

fn facts(what: &str, place: &str, outcome: &str) -> Vec<(&'static str, Markup)> {
    [(words::WHAT, what), (words::PLACE, place), (words::OUTCOME, outcome)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(label, text)| (label, html! { span.typed { (text) } }))
        .collect()
}

/// The form; `since` are the entries that somebody who sent it had not seen.
async fn form(call: &Call, report: &Report, held: &Held<'_>, since: &[Entry]) -> Result<Page, Failure> {
    let (roster, _) = call.console.staff.roster().await?;
    let photos = photos::of(call, report).await?;
    let (here, number, csrf) = (path(&report.id), report.number().to_string(), &call.person()?.csrf);
    let action = format!("{here}/release");
    let at_first = Form::post(&action, csrf);
    let sent = if held.typed.has(STEP) { at_first.still_unsaved() } else { at_first.warn_unsaved() };
    let content = html! {
        (crumbs(&[(&number, &here)], words::HEADING))
        (kit::heading(words::HEADING, Some(words::LEAD)))
        (kit::error_summary(held.errors))
        @if !since.is_empty() {
            (kit::notice(NoticeKind::Warning, deed_words::SINCE, &history::list(call, &roster, since)))
        }
        @if report.release.is_some() {
            (kit::section(words::PUBLIC, &section(call, report, /* works */ false)))
        }
        (kit::form(&sent, &html! {
            (kit::hidden(SEEN, &report.history.len().to_string()))
            (wording(call, report, held))
            p.hint { (words::ALSO) }
            (marking(report, &photos, held))
            (kit::actions(&[
                kit::submit_named(ButtonKind::Primary, words::PREVIEW, STEP, PREVIEW),
                kit::link_button(ButtonKind::Secondary, words::BACK, &here),
            ]))
        }))
        @if report.release.is_some() {
            (kit::section(words::HIDE, &html! {
                p { (words::HIDE_LEAD) }
                (kit::post_button(ButtonKind::Danger, words::HIDE, &at_first,
                    &[(SEEN, &report.history.len().to_string()), (STEP, HIDE)]))
            }))
        }
    };
    let shown = photos::allowed(page(kit::title(words::HEADING, held.errors), content), &photos);
    Ok(allowed(call, report, shown))
}

/// The words for everybody. Nothing of what the reporter wrote is put there for staff: they would let it stand.
fn wording(call: &Call, report: &Report, held: &Held<'_>) -> Markup {
    let now = |of: fn(&Release) -> &String, first: &str| {
        report.release.as_ref().map_or_else(|| first.to_owned(), |release| of(release).clone())
    };
    let district = report.place.district.as_ref().and_then(|id| call.town.district(id));
    let what = now(|release| &release.what, kind_name(call, &report.kind));
    let place = now(|release| &release.place, district.map_or("", |district| district.name.as_str()));
    let outcome = now(|release| &release.outcome, "");
    html! {
        (kit::text(&held.field(WHAT, words::WHAT, &what).hint(words::WHAT_HINT).required()))
        (kit::text(&held.field(PLACE, words::PLACE, &place).hint(words::PLACE_HINT)))
        (kit::text(&held.field(OUTCOME, words::OUTCOME, &outcome).hint(words::OUTCOME_HINT)))
    }
}

/// The photos, each to be chosen and marked.
fn marking(report: &Report, linked: &[photos::Linked], held: &Held<'_>) -> Markup {
    let kept: Vec<_> = photos::kept(linked).collect();
    html! {
        @if kept.is_empty() { p { (words::NO_PHOTOS) } }
        @for (at, photo) in kept.iter().enumerate() {
            @let shown = report.release.as_ref().and_then(|release| release.photos.iter().find(|it| it.of == *photo.id));
            @let chosen: Vec<&str> = if held.typed.has(SEEN) { held.typed.all(PHOTO).collect() }
                else { shown.iter().map(|shown| shown.of.as_str()).collect() };
            @let name = report_words::photo(photo.number);
            @let (areas, label) = (marks::field(photo.id), words::areas(&name));
            @let text = shown.map_or_else(String::new, |shown| marks::text(&shown.areas));
            // The first has the field's own id, to which the summary of errors leads.
            @let id = if at == 0 { format!("f-{PHOTO}") } else { format!("f-{PHOTO}-{at}") };
            (kit::checkboxes(&Field::new(PHOTO, &name).id(&id).error(held.errors.of(PHOTO).filter(|_| at == 0)),
                &[Choice::new(photo.id.as_str(), words::SHOW_PHOTO)], &chosen))
            div.marking data-marking=(format!("f-{areas}")) data-hint=(words::DRAW_HINT) data-add=(words::ADD_AREA)
                data-name=(words::AREA) {
                img src=(photo.links.large) alt=(name) width=(photo.width) height=(photo.height) draggable="false";
            }
            (kit::textarea(&held.field(&areas, &label, &text).hint(words::AREAS_HINT).rows(3)))
        }
    }
}

/// What was sent; what is wrong with it goes to the errors.
fn read(call: &Call, report: &Report, errors: &mut Errors) -> Wanted {
    let mut text = |name: &'static str, label: &'static str| {
        let text = call.form.long_text(name).trim().to_owned();
        if RELEASED_CHARS_MAX < text.chars().count() {
            errors.add_labelled(name, label, words::too_long());
        }
        text
    };
    let (what, place, outcome) = (text(WHAT, words::WHAT), text(PLACE, words::PLACE), text(OUTCOME, words::OUTCOME));
    if what.is_empty() {
        errors.add_labelled(WHAT, words::WHAT, deed_words::EMPTY);
    }
    let chosen: Vec<&str> = call.form.all(PHOTO).collect();
    if chosen.iter().any(|chosen| !report.photos.iter().any(|photo| photo.as_str() == *chosen)) {
        errors.add_labelled(PHOTO, report_words::PHOTOS, words::NO_PHOTO);
    }
    let photos = report.photos.iter().enumerate().filter(|(_, photo)| chosen.contains(&photo.as_str()));
    let photos = photos.map(|(at, photo)| marked(call, photo, at + 1, errors)).collect();
    Wanted { what, place, outcome, photos }
}

fn marked(call: &Call, photo: &PhotoId, number: usize, errors: &mut Errors) -> Marked {
    let field = marks::field(photo);
    let areas = marks::read(&call.form.long_text(&field)).unwrap_or_else(|wrong| {
        let said = match wrong {
            marks::Wrong::NoArea => words::NO_AREA.to_owned(),
            marks::Wrong::TooMany => words::too_many(),
        };
        errors.add_labelled(field, words::areas(&report_words::photo(number)), said);
        Vec::new()
    });
    Marked { photo: photo.clone(), areas }
}

/// The form with what was typed.
async fn returned(call: &Call, report: &Report, errors: &Errors, status: StatusCode) -> Result<Answer, Failure> {
    let held = Held { typed: &call.form, errors };
    Ok(form(call, report, &held, &[]).await?.status(status).into())
}

/// A photo was taken back meanwhile.
async fn without_photo(call: &Call, report: &Report) -> Result<Answer, Failure> {
    let mut errors = Errors::default();
    errors.add_labelled(PHOTO, report_words::PHOTOS, words::NO_PHOTO);
    returned(call, report, &errors, StatusCode::CONFLICT).await
}

/// Shows what everybody would see.
async fn preview(call: &Call, report: &Report, wanted: &Wanted) -> Result<Answer, Failure> {
    let Some(pictures) = call.console.releases.preview(report, &wanted.photos).await? else {
        return without_photo(call, report).await;
    };
    let (here, number, csrf) = (path(&report.id), report.number().to_string(), &call.person()?.csrf);
    let action = format!("{here}/release");
    let carried = call.form.iter().filter(|(name, _)| ![kit::CSRF_FIELD, STEP].contains(name));
    let content = html! {
        (crumbs(&[(&number, &here)], words::PREVIEW_HEADING))
        (kit::heading(words::PREVIEW_HEADING, None))
        (kit::notice(NoticeKind::Warning, words::LOOK.title, &html! { p { (words::LOOK.text) } }))
        (kit::definitions(&facts(&wanted.what, &wanted.place, &wanted.outcome)))
        (kit::definitions(&[
            (report_words::KIND, html! { (kind_name(call, &report.kind)) }),
            (report_words::STATE, standing_badge(report.state.standing())),
        ]))
        (kit::section(report_words::PHOTOS, &html! {
            @if pictures.is_empty() { p { (words::WITHOUT_PHOTOS) } }
            @else {
                ul.photos {
                    @for (at, picture) in pictures.iter().enumerate() {
                        li {
                            img src=(format!("data:image/jpeg;base64,{}", STANDARD.encode(picture)))
                                alt=(words::shown(&report_words::photo(at + 1)));
                        }
                    }
                }
            }
        }))
        (kit::form(&Form::post(&action, csrf).still_unsaved(), &html! {
            @for (name, value) in carried { (kit::hidden(name, value)) }
            (kit::actions(&[
                kit::submit_named(ButtonKind::Primary, words::DO_RELEASE, STEP, PUBLISH),
                kit::submit_named(ButtonKind::Secondary, words::EDIT, STEP, EDIT),
            ]))
        }))
    };
    Ok(page(words::PREVIEW_HEADING, content).into())
}

async fn publish(call: &Call, report: &Report, wanted: &Wanted) -> Result<Answer, Failure> {
    let by = &call.person()?.staff.id;
    let outcome = call.console.releases.release(&report.id, seen(call)?, wanted, by).await?;
    decided(call, report, outcome, &What::Released).await
}

async fn hide(call: &Call, report: &Report) -> Result<Answer, Failure> {
    let by = &call.person()?.staff.id;
    let outcome = call.console.releases.hide(&report.id, seen(call)?, by).await?;
    decided(call, report, outcome, &What::Hidden).await
}

/// On to the report, or back to the form with what others did meanwhile.
async fn decided(call: &Call, report: &Report, outcome: Outcome, wanted: &What) -> Result<Answer, Failure> {
    match outcome {
        Outcome::Done(_) => Ok(Answer::SeeOther(format!("{}?done={}", path(&report.id), wanted.name()))),
        Outcome::Nowhere => Err(Failure::NotFound),
        Outcome::Changed(now) if !may_see(call, &now.value.department)? => {
            Ok(Answer::SeeOther(format!("{}?done=moved", Section::Reports.path())))
        }
        Outcome::Changed(now) => {
            let held = Held { typed: &call.form, errors: &Errors::default() };
            let page = form(call, &now.value, &held, unseen(call, &now.value)?).await?.status(StatusCode::CONFLICT);
            Ok(page.notice(NoticeKind::Warning, words::MEANWHILE.title, words::MEANWHILE.text).into())
        }
        Outcome::Refused(Refusal::NotItsPhoto) => without_photo(call, report).await,
        Outcome::Refused(why) => {
            let held = Held { typed: &call.form, errors: &Errors::default() };
            let page = form(call, report, &held, &[]).await?.status(StatusCode::CONFLICT);
            let said = deed_words::refusal(why);
            Ok(page.notice(NoticeKind::Error, said.title, said.text).into())
        }
    }
}
