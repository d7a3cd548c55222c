//! The home page: small cards, each made by a function of its own. To add one, write the function and name it in [`cards`].

use std::collections::BTreeSet;

use app::error::{Chain, Error};
use app::ports::Month;
use app::ports::broadcasts::Shelf;
use app::questions::{self, Open};
use domain::broadcast::{Broadcast, PauseReason, State};
use domain::garbage::calendar::FINDINGS_MAX;
use domain::ids::RuleId;
use domain::staff::{Act, Standing};
use domain::time::date_in_japan;
use futures_util::future::{BoxFuture, FutureExt, join_all, ready};
use jiff::SignedDuration;
use maud::{Markup, html};

use crate::kit::{self, ButtonKind, Tile};
use crate::pages::audit::CHECK_PATH;
use crate::pages::broadcasts::{self, is_for_approval_by, kind_badges, state_badge};
use crate::pages::questions::may_decide;
use crate::web::{Answer, Call, Failure, Page, Person};
use crate::words::frame::Section;
use crate::words::home as words;
use crate::words::residents::PEOPLE;

/// Questions wait for so long; older ones are for whoever looks for them.
const QUESTION_DAYS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// So many of the broadcasts on the desk are looked at, the newest first, some at a time. Among them are drafts that nobody has
/// touched for long: what waits must not be lost behind them.
const DESK_LOOKED_AT: usize = 1_000;
const DESK_AT_A_TIME: usize = 100;

/// So many broadcasts stand on a card.
const BROADCASTS_SHOWN: usize = 10;

/// Questions are counted anew for this page when they were counted this long ago.
const COUNT_AGE: SignedDuration = SignedDuration::from_mins(5);

/// What a card's function finds: nothing where there is nothing to say.
type Found = Result<Option<Card>, Error>;

/// A card.
struct Card {
    place: Place,
    title: &'static str,
    content: Markup,
}

/// Where a card stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among what waits for the person.
    Waiting,
    /// Below, among what is good to know.
    Known,
}

/// `GET /`
pub async fn show(call: Call) -> Result<Answer, Failure> {
    let person = call.person()?;
    let (mut cards, mut is_whole) = (Vec::new(), true);
    for found in join_all(self::cards(&call, person)).await {
        match found {
            Ok(card) => cards.extend(card),
            // One source that is down must not take the others with it.
            Err(error) => {
                tracing::error!(error = %Chain(&error), "a card of the home page not made");
                is_whole = false;
            }
        }
    }
    let placed = |place| cards.iter().filter(move |card| card.place == place);
    let content = html! {
        (kit::heading(words::TITLE, None))
        @if !is_whole { p { (words::NOT_SHOWN) } }
        h2 { (words::WAITING) }
        @if is_whole && placed(Place::Waiting).next().is_none() { p { (words::NOTHING) } }
        @for card in placed(Place::Waiting) { (kit::card(card.title, &card.content)) }
        @if placed(Place::Known).next().is_some() { h2 { (words::KNOWN) } }
        @for card in placed(Place::Known) { (kit::card(card.title, &card.content)) }
    };
    Ok(Page::new(words::TITLE, Section::Home, content).into())
}

/// All cards, in their order.
fn cards<'a>(call: &'a Call, person: &'a Person) -> Vec<BoxFuture<'a, Found>> {
    vec![
        ready(Ok(own_phone(person))).boxed(),
        audit(call, person).boxed(),
        desk(call, person).boxed(),
        sending(call, person).boxed(),
        questions(call).boxed(),
        ready(Ok(calendar(call, person))).boxed(),
        garbage_reminders(call, person).boxed(),
        invited(call, person).boxed(),
        residents(call).boxed(),
    ]
}

/// Something that waits: a sentence, and the way to it.
fn waiting(title: &'static str, text: &str, (label, to): (&str, Section)) -> Card {
    let content = html! { p { (text) } (kit::link_button(ButtonKind::Secondary, label, to.path())) };
    Card { place: Place::Waiting, title, content }
}

fn own_phone(Person { staff, .. }: &Person) -> Option<Card> {
    let missing = staff.phone.is_none() && staff.roles.allow(Act::Write);
    missing.then(|| waiting(words::PHONE, words::PHONE_WHY, (words::TO_PHONE, Section::Trial)))
}

/// Where a check of the log found that it does not hold, and no later one that it does. It is not checked here.
async fn audit(call: &Call, Person { staff, .. }: &Person) -> Found {
    if !staff.roles.allow(Act::ReadAudit) {
        return Ok(None);
    }
    let checks = call.console.checks.read().await?;
    Ok(checks.filter(|stored| stored.value.are_in_doubt()).map(|_| {
        let content = html! {
            p { (crate::words::audit::NOT_WHOLE.title) }
            (kit::link_button(ButtonKind::Primary, words::TO_CHECK, CHECK_PATH))
        };
        Card { place: Place::Waiting, title: words::AUDIT, content }
    }))
}

/// Broadcasts that wait for the person: to be approved, or to be looked at because a guard holds them.
async fn desk(call: &Call, Person { staff, .. }: &Person) -> Found {
    if !staff.roles.allow(Act::Write) {
        return Ok(None);
    }
    let waits = |broadcast: &Broadcast| match &broadcast.state {
        State::AwaitingApproval { .. } => is_for_approval_by(staff, broadcast),
        State::Held { .. } => staff.roles.allow(Act::EditFor(&broadcast.department)),
        State::Draft
        | State::Approved { .. }
        | State::Sending { .. }
        | State::Stopped { .. }
        | State::Finished { .. } => false,
    };
    let (mut found, mut looked_at, mut is_all, mut before) = (Vec::new(), 0, false, None);
    while looked_at < DESK_LOOKED_AT && !is_all {
        let some = call.console.broadcasts.list(Shelf::Desk, before.as_ref(), DESK_AT_A_TIME).await?;
        (looked_at, is_all) = (looked_at + some.len(), some.len() < DESK_AT_A_TIME);
        before = some.last().map(|(place, _)| place.clone());
        found.extend(some.into_iter().map(|(_, broadcast)| broadcast).filter(waits));
    }
    let text = match (found.len(), is_all) {
        (0, true) => return Ok(None),
        (0, false) => words::NOT_ALL_BROADCASTS.to_owned(),
        (count, true) => words::waiting_broadcasts(&words::exactly(count)),
        (count, false) => words::waiting_broadcasts(&words::at_least(count)),
    };
    let content = html! { p { (text) } (listed(&found)) };
    Ok(Some(Card { place: Place::Waiting, title: words::BROADCASTS, content }))
}

/// What is being sent. It waits for the person where it rests until somebody lets it go on.
async fn sending(call: &Call, Person { staff, .. }: &Person) -> Found {
    let sending = call.console.broadcasts.list(Shelf::Sending, None, BROADCASTS_SHOWN).await?;
    let sending: Vec<Broadcast> = sending.into_iter().map(|(_, broadcast)| broadcast).collect();
    let rests = |broadcast: &Broadcast| match &broadcast.state {
        State::Sending { pause: Some(pause), .. } if pause.why != PauseReason::QuietHours => {
            staff.roles.allow(Act::ApproveFor(&broadcast.department))
        }
        State::Draft
        | State::AwaitingApproval { .. }
        | State::Held { .. }
        | State::Approved { .. }
        | State::Sending { .. }
        | State::Stopped { .. }
        | State::Finished { .. } => false,
    };
    let place = if sending.iter().any(rests) { Place::Waiting } else { Place::Known };
    let title = crate::words::broadcasts::shelf(Shelf::Sending);
    Ok((!sending.is_empty()).then(|| Card { place, title, content: listed(&sending) }))
}

/// Broadcasts, each with the way to it, and the way to all of them.
fn listed(found: &[Broadcast]) -> Markup {
    html! {
        @if !found.is_empty() {
            ul {
                @for broadcast in found.iter().take(BROADCASTS_SHOWN) {
                    li {
                        a href=(broadcasts::path(&broadcast.id)) { (broadcast.title) } " "
                        (kind_badges(broadcast.lane, broadcast.earnest)) (state_badge(&broadcast.state))
                    }
                }
            }
        }
        (kit::link_button(ButtonKind::Secondary, words::TO_BROADCASTS, Section::Broadcasts.path()))
    }
}

async fn questions(call: &Call) -> Found {
    if !call.person.as_ref().is_some_and(|person| may_decide(call, person)) {
        return Ok(None);
    }
    let since = call.now - QUESTION_DAYS;
    let (present, first) = (Month::of(date_in_japan(call.now)), Month::of(date_in_japan(since)));
    // Thirty days reach into the month before, and from the first days of March into the one before that.
    let months = [present, present.before(), present.before().before()];
    let months: Vec<Month> = months.into_iter().filter(|month| first <= *month).collect();
    let (questions, clock) = (&*call.console.questions, &*call.console.clock);
    let (mut keys, mut is_counting, mut is_all) = (BTreeSet::new(), false, true);
    for Open { top, kinds, counting, .. } in questions::open_in(questions, clock, &months, COUNT_AGE).await? {
        is_counting |= counting.is_some();
        is_all &= counting.is_none() && top.len() as u64 == kinds;
        keys.extend(top.into_iter().filter(|question| since <= question.last).map(|question| question.key));
    }
    let text = match (keys.len(), is_all) {
        (0, _) if !is_counting => return Ok(None),
        (0, _) => words::COUNTING_QUESTIONS.to_owned(),
        (count, true) => words::questions(&words::exactly(count)),
        (count, false) => words::questions(&words::at_least(count)),
    };
    Ok(Some(waiting(words::QUESTIONS, &text, (words::TO_QUESTIONS, Section::Questions))))
}

/// What is odd in the rules of the collection calendar.
fn calendar(call: &Call, Person { staff, .. }: &Person) -> Option<Card> {
    if !staff.roles.allow(Act::Write) {
        return None;
    }
    let text = match call.town.calendar.findings(date_in_japan(call.now)).len() {
        0 => return None,
        FINDINGS_MAX => words::findings(&words::at_least(FINDINGS_MAX)),
        count => words::findings(&words::exactly(count)),
    };
    Some(waiting(words::CALENDAR, &text, (words::TO_CALENDAR, Section::Garbage)))
}

/// Residents choose in the chat when they are reminded of their garbage: whether anybody is.
async fn garbage_reminders(call: &Call, Person { staff, .. }: &Person) -> Found {
    let is_collected = call.town.areas.keys().any(|area| !call.town.calendar.categories(area).is_empty());
    if !staff.roles.allow(Act::Write) || !is_collected {
        return Ok(None);
    }
    let rule = call.console.reminders.look(&RuleId::garbage()).await?;
    let is_on = rule.is_some_and(|rule| rule.value.due().is_some());
    Ok((!is_on).then(|| waiting(words::REMINDERS, words::REMINDERS_OFF, (words::TO_REMINDERS, Section::Reminders))))
}

async fn invited(call: &Call, Person { staff, .. }: &Person) -> Found {
    if !staff.roles.allow(Act::ManagePeople) {
        return Ok(None);
    }
    let (roster, _) = call.console.staff.roster().await?;
    let count = roster.0.iter().filter(|staff| staff.standing == Standing::Invited).count();
    Ok((0 < count).then(|| waiting(words::INVITED, &words::invited(count), (words::TO_PEOPLE, Section::People))))
}

async fn residents(call: &Call) -> Found {
    let last = call.console.counts.last().await?;
    let today = date_in_japan(call.now);
    let content = html! {
        @match &last {
            Some(last) => {
                @let tile = |label, number| Tile { label, value: kit::count(number), unit: PEOPLE, href: None };
                @let following = tile(crate::words::residents::FOLLOWING, last.tally.following);
                @let came = last.tally.came.get(&today).copied().unwrap_or_default();
                @if last.tally.day == today { (kit::tiles(&[following, tile(words::CAME_TODAY, came)])) }
                @else { (kit::tiles(&[following])) }
                p { (crate::words::residents::COUNTED_AT) (kit::moment(last.at)) }
            }
            None => { p { (words::NOT_COUNTED) } }
        }
        p { a href=(Section::Residents.path()) { (words::TO_RESIDENTS) } }
    };
    Ok(Some(Card { place: Place::Known, title: words::RESIDENTS, content }))
}
