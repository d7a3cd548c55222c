//! The form in which a broadcast is written: its title, what it says, to whom, and when.

use std::collections::BTreeMap;

use app::broadcast::desk::Outcome;
use app::broadcast::reach::Counting;
use app::ports::broadcasts::Shelf;
use app::ports::{Versioned, mint};
use domain::broadcast::audience::Audience;
use domain::broadcast::content::Content;
use domain::broadcast::content::placeholders::Placeholders;
use domain::broadcast::{Broadcast, Draft, Earnest, Lane, Origin, State, When};
use domain::ids::{BroadcastId, DepartmentId};
use domain::language::Language;
use domain::time::{in_japan, instant_in_japan, time_of_day};
use http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};

use super::audience::{AudienceForm, DO, Pressed};
use super::content::{ContentForm, Shown, receive};
use super::departments::{self, DEPARTMENT};
use super::show::percent;
use super::{ID, SEEN, broadcast_of, conflict, crumbs, desk, id_of, may_write, page, path, preview, saved};
use crate::kit::{self, ButtonKind, Choice, Errors, Field, Form, InputKind, NoticeKind};
use crate::web::fields::Fields;
use crate::web::{Answer, Call, Failure};
use crate::words::audience::Names;
use crate::words::broadcasts as words;

const TITLE: &str = "title";
/// The field of the lane.
pub(super) const LANE: &str = "lane";
/// The field that says of a new one whether it is meant.
pub(super) const EARNEST: &str = "earnest";
/// Its value where it is not.
pub(super) const DRILL: &str = "drill";
const WHEN: &str = "when";
const DAY: &str = "day";
const TIME: &str = "time";
const SAVE: &str = "save";
const COUNT: &str = "count";
/// A title has at most so many characters.
const TITLE_CHARS_MAX: usize = 100;
/// So many earlier broadcasts can be chosen from in a condition.
const EARLIER: usize = 50;

/// What stands in the form, sound or not.
struct Typed {
    title: String,
    department: String,
    lane: String,
    earnest: Earnest,
    when: String,
    day: String,
    time: String,
    content: ContentForm,
    audience: AudienceForm,
}

/// The form of which broadcast.
enum About {
    New(BroadcastId),
    Stored(BroadcastId, u64),
}

/// What is said beside what was typed.
#[derive(Clone, Copy)]
enum Beside<'a> {
    Nothing,
    Counted(&'a Counting),
    Theirs { theirs: &'a Draft, mine: &'a Draft },
}

/// `GET /broadcasts/new`
pub async fn create(call: Call) -> Result<Answer, Failure> {
    let id = mint(&*call.console.chance, call.now).to_string().parse().map_err(|_| Failure::BadRequest)?;
    let earnest = earnest_of(&call.query);
    let typed = Typed {
        title: String::new(),
        department: departments::writable(&call)?.first().map_or(String::new(), |(id, _)| id.to_string()),
        lane: lane_name(Lane::Routine).to_owned(),
        earnest,
        when: "now".to_owned(),
        day: String::new(),
        time: String::new(),
        content: ContentForm::of(&Content::default()),
        audience: AudienceForm::default(),
    };
    Ok(form_page(&call, &About::New(id), &typed, &Errors::default(), Beside::Nothing).await?.into())
}

/// `POST /broadcasts/new`
pub async fn save_new(call: Call) -> Result<Answer, Failure> {
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    answer(&call, About::New(id), earnest_of(&call.form)).await
}

/// `GET /broadcasts/{id}/edit`
pub async fn edit(call: Call) -> Result<Answer, Failure> {
    let Versioned { value: broadcast, version } = broadcast_of(&call).await?;
    if !may_write(&call, &broadcast.department)? {
        return Err(Failure::Denied);
    }
    if !can_edit(&broadcast) {
        return Ok(Answer::SeeOther(path(&broadcast.id)));
    }
    let Some(audience) = AudienceForm::of(&broadcast.audience) else { return Err(Failure::NotFound) };
    let (when, day, time) = match broadcast.when {
        When::AtOnce => ("now", String::new(), String::new()),
        When::At(at) => {
            let local = in_japan(at);
            ("at", local.date().to_string(), format!("{:02}:{:02}", local.hour(), local.minute()))
        }
    };
    let typed = Typed {
        title: broadcast.title,
        department: broadcast.department.to_string(),
        lane: lane_name(broadcast.lane).to_owned(),
        earnest: broadcast.earnest,
        when: when.to_owned(),
        day,
        time,
        content: ContentForm::of(&broadcast.content),
        audience,
    };
    let about = About::Stored(broadcast.id, version);
    let errors = typed.content_errors(&call);
    let page = form_page(&call, &about, &typed, &errors, Beside::Nothing).await?;
    Ok(match words::done(call.query.text("done")) {
        Some((kind, said)) => page.notice(kind, said.title, said.text).into(),
        None => page.into(),
    })
}

/// `POST /broadcasts/{id}/edit`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let Versioned { value: broadcast, .. } = broadcast_of(&call).await?;
    if !may_write(&call, &broadcast.department)? {
        return Err(Failure::Denied);
    }
    let seen = call.form.text(SEEN).parse().map_err(|_| Failure::BadRequest)?;
    answer(&call, About::Stored(id_of(&call)?, seen), broadcast.earnest).await
}

/// Whether a broadcast can still be changed. What goes by the hour cannot: what is kept of its words only sums them up.
pub(super) fn can_edit(broadcast: &Broadcast) -> bool {
    match broadcast.state {
        State::Draft | State::AwaitingApproval { .. } | State::Approved { .. } | State::Held { .. } => {
            !broadcast.audience.is_by_the_hour()
        }
        State::Sending { .. } | State::Stopped { .. } | State::Finished { .. } => false,
    }
}

/// Does what the pressed button says.
async fn answer(call: &Call, about: About, earnest: Earnest) -> Result<Answer, Failure> {
    let mut typed = Typed {
        title: call.form.text(TITLE).to_owned(),
        department: call.form.text(DEPARTMENT).to_owned(),
        lane: call.form.text(LANE).to_owned(),
        earnest,
        when: call.form.text(WHEN).to_owned(),
        day: call.form.text(DAY).to_owned(),
        time: call.form.text(TIME).to_owned(),
        content: ContentForm::typed(&call.form),
        audience: AudienceForm::read(&call.form),
    };
    let mut errors =
        receive(&mut typed.content, call.upload.as_ref(), &*desk(call).pictures, &*call.console.chance).await?;
    let pressed = (typed.content.press(&call.form), typed.audience.press(&call.form));
    let of_saved = saved::press(call, &typed.department, &mut typed.audience, &mut errors).await?;
    let ours = pressed.0 == Pressed::Ours || pressed.1 == Pressed::Ours || of_saved.is_some();
    if ours || !errors.is_empty() {
        if ContentForm::is_looked_at(&call.form) {
            errors.append(typed.content_errors(call));
        }
        let page = form_page(call, &about, &typed, &errors, Beside::Nothing).await?;
        return Ok(saved::told(page, of_saved).into());
    }
    let earlier = earlier(call).await?;
    let Some(draft) = typed.draft(call, &Names { town: &call.town, broadcasts: &earlier }, &mut errors)? else {
        let page = form_page(call, &about, &typed, &errors, Beside::Nothing).await?;
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    if !may_write(call, &draft.department)? {
        return Err(Failure::Denied);
    }
    if call.form.text(DO) == COUNT {
        let by = call.person()?.staff.id.clone();
        let id = match &about {
            About::New(id) | About::Stored(id, _) => id.clone(),
        };
        let counted = desk(call).count(&Broadcast::new(id, draft, earnest, Origin::Staff, by)).await?;
        return Ok(form_page(call, &about, &typed, &errors, Beside::Counted(&counted)).await?.into());
    }
    keep(call, about, &typed, draft).await
}

async fn keep(call: &Call, about: About, typed: &Typed, draft: Draft) -> Result<Answer, Failure> {
    let by = &call.person()?.staff.id;
    let mine = draft.clone();
    let outcome = match &about {
        About::New(id) => desk(call).create(id.clone(), draft, typed.earnest, Origin::Staff, by).await?,
        About::Stored(id, seen) => desk(call).edit(id, *seen, draft, by).await?,
    };
    match outcome {
        Outcome::Done(done) => {
            let path = path(&done.value.id);
            let is_fine = typed.content_errors(call).is_empty();
            Ok(Answer::SeeOther(if is_fine {
                format!("{path}?done=saved")
            } else {
                format!("{path}/edit?done=unfinished")
            }))
        }
        Outcome::Nowhere => Err(Failure::NotFound),
        Outcome::Changed(now) if can_edit(&now.value) => {
            // What was typed stays in the form; sent again, it is a change of what is there now, which stands above it.
            let about = About::Stored(now.value.id.clone(), now.version);
            let theirs = now.value.draft();
            let beside = Beside::Theirs { theirs: &theirs, mine: &mine };
            let page = form_page(call, &about, typed, &Errors::default(), beside).await?;
            let said = words::MEANWHILE;
            Ok(page.status(StatusCode::CONFLICT).notice(NoticeKind::Warning, said.title, said.text).into())
        }
        Outcome::Changed(_) | Outcome::Refused(_) => {
            // Nothing that was typed may be lost with a moment in which it went.
            let page = form_page(call, &about, typed, &Errors::default(), Beside::Nothing).await?;
            let said = words::TOO_LATE_TO_EDIT;
            Ok(page.status(StatusCode::CONFLICT).notice(NoticeKind::Warning, said.title, said.text).into())
        }
        Outcome::Unfit(_) | Outcome::Unchecked(_) | Outcome::Counting { .. } => Err(Failure::BadRequest),
    }
}

impl Typed {
    /// What the town's data says where the words have placeholders.
    fn placeholders(&self, call: &Call) -> Placeholders {
        self.department.parse().map(|id| Placeholders::of(&call.town, &id)).unwrap_or_default()
    }

    /// What is wrong with the words.
    fn content_errors(&self, call: &Call) -> Errors {
        self.content.errors(&self.placeholders(call), self.earnest)
    }

    /// What is typed, as a draft; what is wrong goes to the errors. The words themselves may still be unfinished.
    fn draft(&self, call: &Call, names: &Names<'_>, errors: &mut Errors) -> Result<Option<Draft>, Failure> {
        if self.title.is_empty() {
            errors.add_labelled(TITLE, words::TITLE, words::NO_TITLE);
        } else if TITLE_CHARS_MAX < self.title.chars().count() {
            errors.add_labelled(TITLE, words::TITLE, words::LONG_TITLE);
        }
        let department = departments::writable(call)?.into_iter().find(|(id, _)| id.as_str() == self.department);
        if department.is_none() {
            errors.add_labelled(DEPARTMENT, words::DEPARTMENT, words::NO_DEPARTMENT);
        }
        let lane = lane_of(&self.lane);
        let when = self.when(call.now, errors);
        let audience = self.audience.audience(names).unwrap_or_else(|found| {
            errors.append(found);
            Audience::All
        });
        self.content.add_size(errors);
        let (Some((department, _)), Some(when), true) = (department, when, errors.is_empty()) else { return Ok(None) };
        let (title, content) = (self.title.clone(), self.content.content());
        Ok(Some(Draft { title, department, content, audience, lane, when }))
    }

    fn when(&self, now: Timestamp, errors: &mut Errors) -> Option<When> {
        if self.when != "at" {
            return Some(When::AtOnce);
        }
        let day = self.day.parse::<Date>();
        let time = time_of_day(&self.time);
        if day.is_err() {
            errors.add_labelled(DAY, words::DAY, words::NO_DAY);
        }
        if time.is_none() {
            errors.add_labelled(TIME, words::CLOCK, words::NO_TIME);
        }
        let at = instant_in_japan(day.ok()?.to_datetime(time?));
        if at <= now {
            errors.add_labelled(DAY, words::DAY, words::PAST);
        }
        Some(When::At(at))
    }
}

/// Whether a new one is meant.
pub(super) fn earnest_of(fields: &Fields) -> Earnest {
    if fields.text(EARNEST) == DRILL { Earnest::Drill } else { Earnest::Real }
}

/// A lane in the form.
pub(super) fn lane_name(lane: Lane) -> &'static str {
    match lane {
        Lane::Emergency => "emergency",
        Lane::Routine => "routine",
    }
}

/// The lane that was chosen.
pub(super) fn lane_of(name: &str) -> Lane {
    match name {
        "emergency" => Lane::Emergency,
        _ => Lane::Routine,
    }
}

/// Chooses how urgent it is.
pub(super) fn lane_field(chosen: &str) -> Markup {
    let lanes = [
        Choice::new("routine", words::ROUTINE).hint(words::ROUTINE_HINT),
        Choice::new("emergency", words::EMERGENCY).hint(words::EMERGENCY_HINT),
    ];
    kit::radios(&Field::new(LANE, words::LANE).value(chosen), &lanes)
}

/// Earlier broadcasts, of which a condition can speak.
pub(in crate::pages) async fn earlier(call: &Call) -> Result<BTreeMap<BroadcastId, String>, Failure> {
    let mut earlier = BTreeMap::new();
    for shelf in [Shelf::Sending, Shelf::Done] {
        let found = desk(call).list(shelf, None, EARLIER).await?;
        earlier.extend(found.into_iter().map(|(_, broadcast)| (broadcast.id, broadcast.title)));
    }
    Ok(earlier)
}

async fn form_page(
    call: &Call,
    about: &About,
    typed: &Typed,
    errors: &Errors,
    beside: Beside<'_>,
) -> Result<crate::web::Page, Failure> {
    let earlier = earlier(call).await?;
    let offer = saved::offer(call, &typed.department).await?;
    let names = Names { town: &call.town, broadcasts: &earlier };
    let title = match (about, typed.earnest) {
        (About::New(_), Earnest::Real) => words::NEW,
        (About::New(_), Earnest::Drill) => words::NEW_DRILL,
        (About::Stored(..), _) => words::EDIT,
    };
    let action = match about {
        About::New(_) => "/broadcasts/new".to_owned(),
        About::Stored(id, _) => format!("{}/edit", path(id)),
    };
    let csrf = &call.person()?.csrf;
    let form = Form::post(&action, csrf).with_files().warn_unsaved();
    let content = html! {
        (crumbs(title))
        (kit::heading(title, (typed.earnest == Earnest::Drill).then_some(words::DRILL_LEAD)))
        (kit::error_summary(errors))
        @if let Beside::Theirs { theirs, mine } = beside { (conflict::differences(call, theirs, mine, &names)) }
        (kit::form(&form, &fields(call, about, typed, errors, &names, beside, &offer)?))
    };
    Ok(page(kit::title(title, errors), content))
}

fn fields(
    call: &Call,
    about: &About,
    typed: &Typed,
    errors: &Errors,
    names: &Names<'_>,
    beside: Beside<'_>,
    offer: &saved::Offer,
) -> Result<Markup, Failure> {
    let departments = departments::writable(call)?;
    let choices: Vec<Choice<'_>> = departments.iter().map(|(id, name)| Choice::new(id.as_str(), name)).collect();
    let placeholders = typed.placeholders(call);
    let languages = &call.town.profile.languages;
    let shown = Shown { placeholders: &placeholders, earnest: typed.earnest, languages };
    Ok(html! {
        @match about {
            About::New(id) => { (kit::hidden(ID, id.as_str())) }
            About::Stored(_, seen) => { (kit::hidden(SEEN, &seen.to_string())) }
        }
        @if typed.earnest == Earnest::Drill { (kit::hidden(EARNEST, DRILL)) }
        (kit::section(words::BASICS, &html! {
            (kit::text(&Field::new(TITLE, words::TITLE).value(typed.title.as_str()).hint(words::TITLE_HINT).required()
                .error(errors.of(TITLE))))
            (kit::select(&Field::new(DEPARTMENT, words::DEPARTMENT).value(typed.department.as_str()).required()
                .error(errors.of(DEPARTMENT)), &choices))
        }))
        (kit::section(words::WORDS, &super::content::fields(&typed.content, &shown, errors)))
        (kit::section(words::WHOM, &saved::around(offer, &super::audience::fields(names, &typed.audience, errors), errors)))
        (kit::section(words::WHEN, &when_fields(typed, errors)))
        @match beside {
            Beside::Counted(Counting::Done(counted)) => { (super::show::counted(counted)) }
            Beside::Counted(Counting::Going { done }) => {
                (kit::notice(NoticeKind::Info, words::COUNTING, &html! { p { (words::count_on(percent(*done))) } }))
            }
            Beside::Nothing | Beside::Theirs { .. } => {}
        }
        (kit::actions(&[
            kit::submit_named(ButtonKind::Primary, words::SAVE, DO, SAVE),
            kit::submit_named(ButtonKind::Secondary, words::COUNT, DO, COUNT),
        ]))
        p.hint { (words::SAVE_HINT) }
    })
}

fn when_fields(typed: &Typed, errors: &Errors) -> Markup {
    let times = [Choice::new("now", words::AT_ONCE), Choice::new("at", words::AT_TIME)];
    html! {
        (lane_field(&typed.lane))
        (kit::radios(&Field::new(WHEN, words::GO).value(typed.when.as_str()), &times))
        (kit::input(InputKind::Date, &Field::new(DAY, words::DAY).value(typed.day.as_str()).hint(words::DAY_HINT)
            .error(errors.of(DAY))))
        (kit::input(InputKind::Time, &Field::new(TIME, words::CLOCK).value(typed.time.as_str()).error(errors.of(TIME))))
    }
}

/// The phones of what a department says, and is not being written.
pub(in crate::pages) fn still_phones(call: &Call, of: &DepartmentId, content: &Content, earnest: Earnest) -> Markup {
    let out = preview::going_out(content, &Placeholders::of(&call.town, of), earnest);
    html! {
        @for (language, wording) in &out.wordings {
            @if out.wordings.len() > 1 { h3 { (language_name(*language)) } }
            (preview::still_phone(wording, &call.town.profile.name))
        }
    }
}

fn language_name(language: Language) -> &'static str {
    crate::words::residents::language(language)
}
