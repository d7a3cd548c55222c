//! The home page: small cards, each made by a function of its own. To add one, write the function and name it in [`cards`].

use std::collections::BTreeSet;

use app::error::{Chain, Error};
use app::ports::Month;
use app::questions::Open;
use domain::staff::{Act, Standing};
use domain::time::date_in_japan;
use futures_util::future::{BoxFuture, FutureExt, join_all, ready};
use jiff::SignedDuration;
use maud::{Markup, html};

use crate::kit::{self, ButtonKind, Tile};
use crate::pages::audit::CHECK_PATH;
use crate::web::{Answer, Call, Failure, Page, Person};
use crate::words::frame::Section;
use crate::words::home as words;
use crate::words::residents::PEOPLE;

/// Questions wait for so long; older ones are for whoever looks for them.
const QUESTION_DAYS: SignedDuration = SignedDuration::from_hours(30 * 24);

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
        questions(call).boxed(),
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

/// Where the last check of the log found that it does not hold. It is not checked here.
async fn audit(call: &Call, Person { staff, .. }: &Person) -> Found {
    if !staff.roles.allow(Act::ReadAudit) {
        return Ok(None);
    }
    let last = call.console.checks.read().await?.and_then(|stored| stored.value.last);
    Ok(last.filter(|last| !last.holds()).map(|_| {
        let content = html! {
            p { (crate::words::audit::NOT_WHOLE.title) }
            (kit::link_button(ButtonKind::Primary, words::TO_CHECK, CHECK_PATH))
        };
        Card { place: Place::Waiting, title: words::AUDIT, content }
    }))
}

async fn questions(call: &Call) -> Found {
    if !call.person.as_ref().is_some_and(|person| Section::Questions.is_for(&person.staff)) {
        return Ok(None);
    }
    let since = call.now - QUESTION_DAYS;
    let month = Month::of(date_in_japan(call.now));
    let (mut open, mut is_all) = (BTreeSet::new(), true);
    // Thirty days reach into the month before, and from the first days of March into the one before that.
    for month in [month, month.before(), month.before().before()] {
        if month < Month::of(date_in_japan(since)) {
            break;
        }
        let Open { top, kinds, .. } =
            app::questions::open(&*call.console.questions, &*call.console.clock, month, COUNT_AGE).await?;
        is_all &= top.len() as u64 == kinds;
        open.extend(top.into_iter().filter(|question| since <= question.last).map(|question| question.key));
    }
    let count = kit::count_of(open.len());
    let count = if is_all { words::exactly(&count) } else { words::at_least(&count) };
    let link = (words::TO_QUESTIONS, Section::Questions);
    Ok((!open.is_empty()).then(|| waiting(words::QUESTIONS, &words::questions(&count), link)))
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
