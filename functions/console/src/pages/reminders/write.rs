//! The form in which a rule is written: its name, what it says, to whom, and when.

use app::ports::{Versioned, mint};
use app::reminder::desk::Outcome;
use domain::broadcast::Earnest;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::Content;
use domain::broadcast::content::placeholders::Placeholders;
use domain::ids::{DateKindId, RuleId};
use domain::reminder::{Draft, GRACE_MINUTES, GRACE_MINUTES_MAX, Kind, MONTHS_AFTER_MAX, Rule, State};
use domain::time::date_in_japan;
use http::StatusCode;
use jiff::civil::Date;
use maud::{Markup, html};

use super::schedule::ScheduleForm;
use super::{ID, SEEN, crumbs, date_kind_name, dates, department_name, desk, may_write, page, path, rule_of};
use crate::kit::{self, ButtonKind, Choice, Errors, Field, Form, InputKind, NoticeKind};
use crate::pages::broadcasts::audience::{self, AudienceForm, DO, Pressed};
use crate::pages::broadcasts::conflict::{self, lines};
use crate::pages::broadcasts::content::{self, ContentForm, Shown, receive};
use crate::pages::broadcasts::departments::{self, DEPARTMENT};
use crate::pages::broadcasts::write::earlier;
use crate::web::{Answer, Call, Failure, Page};
use crate::words::audience::form::CHILD;
use crate::words::audience::{Names, sentence};
use crate::words::broadcasts as broadcast_words;
use crate::words::frame::Section;
use crate::words::reminders as words;

/// The field with the kind of a rule.
pub(super) const KIND: &str = "kind";
/// Its value for the dates of residents.
pub(super) const RESIDENT: &str = "resident";
const TOWN: &str = "town";
const NAME: &str = "rule-name";
const DATES: &str = "rule-dates";
const MONTHS_AFTER: &str = "rule-months-after";
const UNTIL: &str = "rule-until";
const GRACE: &str = "rule-grace";
const SAVE: &str = "save";

/// What stands in the form, sound or not.
struct Typed {
    name: String,
    department: String,
    /// The kind of residents' dates and the months after it; `None` for the dates of the town.
    resident: Option<(String, String)>,
    content: ContentForm,
    audience: AudienceForm,
    schedule: ScheduleForm,
    until: String,
    grace: String,
}

/// The form of which rule.
enum About {
    New(RuleId),
    Stored(RuleId, u64),
}

/// `GET /reminders/new`
pub async fn create(call: Call) -> Result<Answer, Failure> {
    let id = mint(&*call.console.chance, call.now).to_string().parse().map_err(|_| Failure::BadRequest)?;
    let typed = Typed {
        name: String::new(),
        department: departments::writable(&call)?.first().map_or(String::new(), |(id, _)| id.to_string()),
        resident: (call.query.text(KIND) == RESIDENT).then(|| (String::new(), String::new())),
        content: ContentForm::of(&Content::default()),
        audience: AudienceForm::default(),
        schedule: ScheduleForm::new(date_in_japan(call.now)),
        until: String::new(),
        grace: GRACE_MINUTES.to_string(),
    };
    Ok(form_page(&call, &About::New(id), &typed, &Errors::default(), None).await?.into())
}

/// `POST /reminders/new`
pub async fn save_new(call: Call) -> Result<Answer, Failure> {
    let id = call.form.text(ID).parse().map_err(|_| Failure::BadRequest)?;
    answer(&call, About::New(id)).await
}

/// `GET /reminders/{id}/edit`
pub async fn edit(call: Call) -> Result<Answer, Failure> {
    let Versioned { value: rule, version } = own(&call).await?;
    let (resident, schedule, of, content) = match &rule.kind {
        Kind::Garbage => return Ok(Answer::SeeOther(path(&rule.id))),
        Kind::Town { schedule, audience, content } => (None, schedule, audience.clone(), content),
        Kind::Resident { kind, months_after, schedule, audience, content } => {
            let resident = Some((kind.to_string(), months_after.to_string()));
            (resident, schedule, audience.clone().unwrap_or(Audience::All), content)
        }
    };
    let Some(audience) = AudienceForm::of(&of) else { return Err(Failure::NotFound) };
    let typed = Typed {
        name: rule.name.to_string(),
        department: rule.department.to_string(),
        resident,
        content: ContentForm::of(content),
        audience,
        schedule: ScheduleForm::of(schedule),
        until: rule.until.map(|day| day.to_string()).unwrap_or_default(),
        grace: rule.grace_minutes.to_string(),
    };
    let about = About::Stored(rule.id.clone(), version);
    Ok(form_page(&call, &about, &typed, &Errors::default(), None).await?.into())
}

/// `POST /reminders/{id}/edit`
pub async fn save(call: Call) -> Result<Answer, Failure> {
    let rule = own(&call).await?.value;
    let seen = call.form.text(SEEN).parse().map_err(|_| Failure::BadRequest)?;
    answer(&call, About::Stored(rule.id, seen)).await
}

/// The rule in the path, if the person may write for its department.
async fn own(call: &Call) -> Result<Versioned<Rule>, Failure> {
    let found = rule_of(call).await?;
    if may_write(call, &found.value.department)? { Ok(found) } else { Err(Failure::Denied) }
}

/// Does what the pressed button says.
async fn answer(call: &Call, about: About) -> Result<Answer, Failure> {
    let mut typed = Typed::of(call);
    let pictures = &*desk(call).broadcasts.pictures;
    let mut errors = receive(&mut typed.content, call.upload.as_ref(), pictures, &*call.console.chance).await?;
    let pressed = [typed.content.press(&call.form), typed.audience.press(&call.form), typed.schedule.press(&call.form)];
    if pressed.contains(&Pressed::Ours) || !errors.is_empty() {
        return Ok(form_page(call, &about, &typed, &errors, None).await?.into());
    }
    let earlier = earlier(call).await?;
    let Some(draft) = typed.draft(call, &Names { town: &call.town, broadcasts: &earlier }, &mut errors)? else {
        let page = form_page(call, &about, &typed, &errors, None).await?;
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into());
    };
    let (by, mine) = (&call.person()?.staff.id, draft.clone());
    let outcome = match &about {
        About::New(id) => desk(call).create(id.clone(), draft, by).await?,
        About::Stored(id, seen) => desk(call).edit(id, *seen, draft, by).await?,
    };
    match outcome {
        Outcome::Done(done) => {
            // Of a new name alone the rule stands where it stood.
            let code = match done.value.state {
                State::Draft if done.value.outcomes.is_empty() => "saved",
                State::Draft => "saved-anew",
                State::Awaiting { .. } | State::On { .. } | State::Paused { .. } | State::Ended { .. } => "saved-name",
            };
            Ok(Answer::SeeOther(format!("{}?done={code}", path(&done.value.id))))
        }
        Outcome::Nowhere => Err(Failure::NotFound),
        Outcome::Changed(now) => {
            // What was typed stays in the form; sent again, it is a change of what is there now, which stands above it.
            let about = About::Stored(now.value.id.clone(), now.version);
            let page = form_page(call, &about, &typed, &Errors::default(), Some((&now.value.draft(), &mine))).await?;
            let said = broadcast_words::MEANWHILE;
            Ok(page.status(StatusCode::CONFLICT).notice(NoticeKind::Warning, said.title, said.text).into())
        }
        Outcome::Refused(why) => {
            let page = form_page(call, &about, &typed, &Errors::default(), None).await?.status(StatusCode::CONFLICT);
            Ok(match words::done(words::refusal_code(why)) {
                Some((kind, said)) => page.notice(kind, said.title, said.text).into(),
                None => page.into(),
            })
        }
        Outcome::Unfit(_) | Outcome::Counting { .. } => Err(Failure::BadRequest),
    }
}

impl Typed {
    /// What was sent.
    fn of(call: &Call) -> Self {
        let text = |name: &str| call.form.text(name).to_owned();
        Self {
            name: text(NAME),
            department: text(DEPARTMENT),
            resident: (call.form.text(KIND) == RESIDENT).then(|| (text(DATES), text(MONTHS_AFTER))),
            content: ContentForm::typed(&call.form),
            audience: AudienceForm::read(&call.form),
            schedule: ScheduleForm::read(&call.form),
            until: text(UNTIL),
            grace: text(GRACE),
        }
    }

    /// What is typed, as a draft; what is wrong goes to the errors. The words themselves may still be unfinished.
    fn draft(&self, call: &Call, names: &Names<'_>, errors: &mut Errors) -> Result<Option<Draft>, Failure> {
        let (name, department) = (self.name.parse(), departments::typed(call, &self.department)?);
        if name.is_err() {
            errors.add_labelled(NAME, words::NAME, words::NO_NAME);
        }
        if department.is_none() {
            errors.add_labelled(DEPARTMENT, words::DEPARTMENT, broadcast_words::NO_DEPARTMENT);
        }
        let schedule = self.schedule.schedule(errors);
        let audience = self.audience.audience(names).unwrap_or_else(|found| {
            errors.append(found);
            Audience::All
        });
        let until = self.until(schedule.as_ref().map(|schedule| schedule.from), errors);
        let most = (GRACE_MINUTES_MAX, words::grace_too_long());
        let grace = number((GRACE, words::GRACE), &self.grace, most, errors);
        let resident = self.resident.as_ref().map(|(dates, after)| {
            let known = dates.parse().ok().filter(|id: &DateKindId| id.is_child() || call.town.date_kind(id).is_some());
            if known.is_none() {
                errors.add_labelled(DATES, words::KIND, words::NO_KIND);
            }
            let most = (MONTHS_AFTER_MAX, words::too_many_months());
            (known, number((MONTHS_AFTER, words::MONTHS_AFTER), after, most, errors))
        });
        let (Ok(name), Some(department), Some(schedule), Some(grace_minutes), true) =
            (name, department, schedule, grace, errors.is_empty())
        else {
            return Ok(None);
        };
        let content = self.content.content();
        let kind = match resident {
            None => Kind::Town { schedule, audience, content },
            Some((Some(kind), Some(months_after))) => {
                let audience = Some(audience).filter(|audience| *audience != Audience::All);
                Kind::Resident { kind, months_after, schedule, audience, content }
            }
            Some(_) => return Ok(None),
        };
        Ok(Some(Draft { name, department, kind, until, grace_minutes }))
    }

    /// The last date, if there is one.
    fn until(&self, from: Option<Date>, errors: &mut Errors) -> Option<Date> {
        if self.until.is_empty() {
            return None;
        }
        let until = self.until.parse::<Date>().ok();
        match until {
            None => errors.add_labelled(UNTIL, words::UNTIL, words::NO_DATE),
            Some(until) if from.is_some_and(|from| until < from) => {
                errors.add_labelled(UNTIL, words::UNTIL, words::ENDS_BEFORE);
            }
            Some(_) => {}
        }
        until
    }
}

/// A number that is at most so large.
fn number(field: (&'static str, &'static str), typed: &str, most: (u16, String), errors: &mut Errors) -> Option<u16> {
    let digits = domain::text::fold(typed);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        errors.add_labelled(field.0, field.1, words::NUMBER);
        return None;
    }
    let number = digits.parse::<u16>().ok().filter(|number| *number <= most.0);
    if number.is_none() {
        errors.add_labelled(field.0, field.1, most.1);
    }
    number
}

/// The page; `both` are what somebody else has saved meanwhile and what was typed here.
async fn form_page(
    call: &Call,
    about: &About,
    typed: &Typed,
    errors: &Errors,
    both: Option<(&Draft, &Draft)>,
) -> Result<Page, Failure> {
    let earlier = earlier(call).await?;
    let names = Names { town: &call.town, broadcasts: &earlier };
    let (title, action) = match about {
        About::New(_) => (words::NEW, format!("{}/new", Section::Reminders.path())),
        About::Stored(id, _) => (words::EDIT, format!("{}/edit", path(id))),
    };
    let form = Form::post(&action, &call.person()?.csrf).with_files().warn_unsaved();
    let content = html! {
        (crumbs(title))
        (kit::heading(title, None))
        (kit::error_summary(errors))
        @if let Some((theirs, mine)) = both {
            @let [theirs, mine] = [theirs, mine].map(|draft| said(call, draft, &names));
            (conflict::compared(
                broadcast_words::DIFFERENCES, (broadcast_words::THEIRS, &theirs), (broadcast_words::MINE, &mine)
            ))
        }
        (kit::form(&form, &fields(call, about, typed, errors, &names)?))
    };
    Ok(page(kit::title(title, errors), content))
}

/// A draft as it is read, field by field.
fn said(call: &Call, draft: &Draft, names: &Names<'_>) -> conflict::Said {
    let (whom, content) = match &draft.kind {
        Kind::Garbage => (String::new(), String::new()),
        Kind::Town { audience, content, .. } => (sentence(audience, names), lines(content)),
        Kind::Resident { audience, content, .. } => {
            (audience.as_ref().map(|audience| sentence(audience, names)).unwrap_or_default(), lines(content))
        }
    };
    vec![
        (words::NAME, draft.name.to_string()),
        (words::DEPARTMENT, department_name(call, &draft.department).to_owned()),
        (words::WORDS, content),
        (words::WHOM, whom),
        (words::DATES, dates(call, &draft.kind)),
        (words::UNTIL, draft.until.map(kit::written).unwrap_or_default()),
        (words::GRACE, draft.grace_minutes.to_string()),
    ]
}

fn fields(call: &Call, about: &About, typed: &Typed, errors: &Errors, names: &Names<'_>) -> Result<Markup, Failure> {
    let departments = departments::writable(call)?;
    let choices: Vec<Choice<'_>> = departments.iter().map(|(id, name)| Choice::new(id.as_str(), name)).collect();
    let placeholders = typed.department.parse().map(|id| Placeholders::of(&call.town, &id)).unwrap_or_default();
    let shown = Shown { placeholders: &placeholders, earnest: Earnest::Real, languages: &call.town.profile.languages };
    let text = |name, label, value: &str| Field::new(name, label).value(value.to_owned()).error(errors.of(name));
    Ok(html! {
        @match about {
            About::New(id) => { (kit::hidden(ID, id.as_str())) }
            About::Stored(_, seen) => { (kit::hidden(SEEN, &seen.to_string())) }
        }
        (kit::hidden(KIND, if typed.resident.is_some() { RESIDENT } else { TOWN }))
        (kit::section(words::BASICS, &html! {
            (kit::text(&text(NAME, words::NAME, &typed.name).hint(words::NAME_HINT).required().autocomplete("off")))
            (kit::select(&text(DEPARTMENT, words::DEPARTMENT, &typed.department).required(), &choices))
        }))
        @if let Some((kind, after)) = &typed.resident {
            (kit::section(words::RESIDENTS_DATE, &html! {
                (kit::select(&text(DATES, words::KIND, kind).required(), &date_kinds(call)))
                (kit::input(InputKind::Digits, &text(MONTHS_AFTER, words::MONTHS_AFTER, after)
                    .hint(words::MONTHS_AFTER_HINT).required()))
            }))
        }
        (kit::section(words::WHEN, &html! {
            (typed.schedule.fields(errors))
            (kit::input(InputKind::Date, &text(UNTIL, words::UNTIL, &typed.until).hint(words::UNTIL_HINT)))
            (kit::input(InputKind::Digits, &text(GRACE, words::GRACE, &typed.grace).hint(words::GRACE_HINT).required()))
        }))
        (kit::section(words::WORDS, &html! {
            p.hint { (words::WORDS_HINT) }
            (content::fields(&typed.content, &shown, errors))
        }))
        (kit::section(
            if typed.resident.is_some() { words::WHOM_ELSE } else { words::WHOM },
            &audience::fields(names, &typed.audience, errors),
        ))
        (kit::actions(&[kit::submit_named(ButtonKind::Primary, words::SAVE, DO, SAVE)]))
        p.hint { (words::SAVE_HINT) }
    })
}

/// The kinds of dates that residents give.
fn date_kinds(call: &Call) -> Vec<Choice<'_>> {
    let own = call.town.dates.iter().map(|kind| Choice::new(kind.id.as_str(), date_kind_name(call, &kind.id)));
    [Choice::new(DateKindId::CHILD, CHILD)].into_iter().chain(own).collect()
}
