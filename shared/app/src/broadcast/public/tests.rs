//! What is public and what never is, and what reading it costs.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::audit::Act;
use domain::broadcast::audience::Audience;
use domain::broadcast::content::{PictureId, Wording};
use domain::broadcast::{Draft, Earnest, Guard, Lane, Origin, Pause, PauseReason, Reach, Remark, State, When};
use domain::sending::account::Account;
use domain::sending::delivery::Order;
use domain::sending::plan::Plan;
use domain::town::Department;

use super::*;
use crate::error::Kind;
use crate::ports::Versioned;
use crate::ports::staff::Written;
use crate::town::testing::now;

/// Shelves of which only the two are there that hold what has gone.
#[derive(Default)]
struct Shelves(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    broadcasts: Vec<Broadcast>,
    looked_at: usize,
    reads: usize,
    fails: bool,
}

impl Shelves {
    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, broadcast: Broadcast) {
        self.inside().broadcasts.push(broadcast);
    }
}

#[async_trait]
impl Broadcasts for Shelves {
    async fn find(&self, _: &BroadcastId) -> Result<Option<Versioned<Broadcast>>, Error> {
        unreachable!("broadcasts are read by the shelf")
    }

    async fn put(&self, _: &Broadcast, _: Option<u64>, _: Option<&Act>) -> Result<Written, Error> {
        unreachable!("nothing is written")
    }

    async fn on_shelf(
        &self,
        from: Shelf,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Broadcast)>, Error> {
        let mut inside = self.inside();
        inside.reads += 1;
        if inside.fails {
            return Err(Error::new(Kind::Transient, "reach the table", "it is down"));
        }
        let is_here = |broadcast: &&Broadcast| match &broadcast.state {
            State::Sending { .. } | State::Stopped { account: None, .. } => from == Shelf::Sending,
            State::Finished { .. } | State::Stopped { .. } => from == Shelf::Done,
            // They stand on other shelves. Here they are to be turned away even so.
            State::Draft | State::AwaitingApproval { .. } | State::Approved { .. } | State::Held { .. } => true,
        };
        let place = |it: &Broadcast| Place::at(it.state.began().unwrap_or(Timestamp::MIN), &it.id);
        let mut found: Vec<_> = inside.broadcasts.iter().filter(is_here).map(|it| (place(it), it.clone())).collect();
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        found.retain(|(place, _)| before.is_none_or(|before| place < before));
        found.truncate(limit);
        inside.looked_at += found.len();
        Ok(found)
    }

    async fn order(&self, _: &BroadcastId, _: Lane) -> Result<Order, Error> {
        unreachable!("nothing is sent")
    }
}

struct OneTown(Mutex<Arc<Town>>);

#[async_trait]
impl Towns for OneTown {
    async fn current(&self) -> Result<Arc<Town>, Error> {
        Ok(Arc::clone(&self.0.lock().unwrap()))
    }
}

struct Pictures;

impl PictureAddresses for Pictures {
    fn urls(&self, id: &PictureId) -> PictureUrls {
        let of = |name| format!("https://pictures.example/{}/{name}", &id.as_str()[..4]);
        PictureUrls { original: of("original"), preview: of("preview") }
    }
}

#[derive(Default)]
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

struct World {
    shelves: Arc<Shelves>,
    towns: Arc<OneTown>,
    clock: Arc<Hands>,
    page: PublicPage,
}

impl World {
    fn new() -> Self {
        let mut town = Town::default();
        town.profile.name = "みどり市".to_owned();
        town.profile.sending.public_page = Switch::On;
        let id: DepartmentId = "disaster".parse().unwrap();
        let department = Department { id: id.clone(), name: "防災課".to_owned(), phone: "000-0001".to_owned() };
        town.departments.insert(id, department);
        let (shelves, clock) = (Arc::new(Shelves::default()), Arc::new(Hands::default()));
        let towns = Arc::new(OneTown(Mutex::new(Arc::new(town))));
        let page = PublicPage::new(shelves.clone(), towns.clone(), Arc::new(Pictures), clock.clone());
        Self { shelves, towns, clock, page }
    }

    fn town(&self) -> Arc<Town> {
        now(self.page.open()).unwrap().unwrap()
    }

    fn change(&self, change: impl FnOnce(&mut Town)) {
        let mut town = Town::clone(&self.town());
        change(&mut town);
        *self.towns.0.lock().unwrap() = Arc::new(town);
    }

    fn find(&self, range: Range<usize>) -> Result<Found, Error> {
        now(self.page.find(&self.town(), Language::Japanese, range))
    }

    fn ids(&self) -> Vec<String> {
        self.find(0..SHOWN_MAX).unwrap().published.into_iter().map(|it| it.id.to_string()).collect()
    }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

fn account(accepted: u64) -> Account {
    Account { frozen: 10, accepted, unclear: 10 - accepted, ..Account::default() }
}

fn plan() -> Plan {
    Plan { parts: 1, variants: Vec::new() }
}

fn finished(minute: i64) -> State {
    State::Finished { since: at(minute), at: at(minute + 1), plan: plan(), account: account(9) }
}

fn stopped(minute: i64, account: Option<Account>, plan: Option<Plan>) -> State {
    let since = plan.is_some().then(|| at(minute));
    State::Stopped { by: Some("aoki".parse().unwrap()), at: at(minute), since, plan, account }
}

fn sending(minute: i64, pause: Option<Pause>) -> State {
    State::Sending { since: at(minute), reach: Reach::default(), plan: plan(), pause }
}

fn says(messages: impl IntoIterator<Item = (Language, Vec<Message>)>) -> Content {
    let wording = |(language, messages)| (language, Wording { messages });
    Content { wordings: messages.into_iter().map(wording).collect() }
}

fn broadcast(id: &str, state: State) -> Broadcast {
    let draft = Draft {
        title: "部内の呼び名".to_owned(),
        department: "disaster".parse().unwrap(),
        content: says([(Language::Japanese, vec![Message::Text(format!("本文 {id}"))])]),
        audience: Audience::All,
        lane: Lane::Routine,
        when: When::AtOnce,
    };
    let mut broadcast =
        Broadcast::new(id.parse().unwrap(), draft, Earnest::Real, Origin::Staff, "aoki-hanako".parse().unwrap());
    broadcast.remarks = vec![Remark { by: "ito".parse().unwrap(), at: at(0), text: "内輪の話".to_owned() }];
    broadcast.state = state;
    broadcast
}

#[test]
fn what_was_meant_for_all_and_has_gone_is_public_and_nothing_else_ever_is() {
    let world = World::new();
    let rest = Pause { at: at(9), why: PauseReason::Quota };
    for (id, state) in [
        ("finished", finished(1)),
        ("x-stopped-midway", stopped(2, Some(account(1)), Some(plan()))),
        ("sending", sending(3, None)),
        ("resting", sending(4, Some(rest))),
        ("x-draft", State::Draft),
        (
            "x-asked",
            State::AwaitingApproval {
                by: "aoki".parse().unwrap(),
                at: at(5),
                reach: Reach::default(),
                taken: [].into(),
            },
        ),
        (
            "x-approved",
            State::Approved {
                by: "ito".parse().unwrap(),
                at: at(5),
                release_at: at(6),
                reach: Reach::default(),
                plan: plan(),
            },
        ),
        ("x-held", State::Held { at: at(5), why: Guard::TooOld }),
        ("x-stopped-before", stopped(6, Some(Account::default()), None)),
        ("x-stopped-at-once", stopped(7, Some(account(0)), Some(plan()))),
        ("x-being-stopped", stopped(8, None, Some(plan()))),
        (
            "x-refused",
            State::Finished { since: at(9), at: at(9), plan: plan(), account: Account { refused: 9, ..account(0) } },
        ),
    ] {
        world.shelves.put(broadcast(id, state));
    }
    let language = BTreeSet::from([Language::English]);
    for (id, audience) in [
        ("x-segment", Audience::Languages(language)),
        ("x-and", Audience::And(vec![Audience::All])),
        ("x-not", Audience::Not(Box::new(Audience::All))),
    ] {
        world.shelves.put(Broadcast { audience, ..broadcast(id, finished(20)) });
        world.shelves.put(Broadcast { earnest: Earnest::Drill, ..broadcast(&format!("{id}-drill"), finished(21)) });
        world.shelves.put(Broadcast { earnest: Earnest::Drill, ..broadcast(&format!("{id}-now"), sending(22, None)) });
    }
    assert_eq!(world.ids(), ["resting", "sending", "finished"]);
    let found = format!("{:?}", world.find(0..SHOWN_MAX).unwrap());
    for internal in ["部内の呼び名", "内輪の話", "aoki", "ito"] {
        assert!(!found.contains(internal), "{internal} is in {found}");
    }
}

#[test]
fn it_says_what_was_sent_with_the_towns_data_of_today() {
    let world = World::new();
    let open = |label: &str, address: &str| Button { label: label.to_owned(), does: Does::Open(address.to_owned()) };
    let say = Button { label: "話す".to_owned(), does: Does::Say("ごみ".to_owned()) };
    let buttons = vec![
        open("{town}", "https://www.example.jp/{town}"),
        open("電話", "tel:{department_phone}"),
        say,
        open("悪", "javascript:alert(1)"),
        open("平文", "http://www.example.jp/"),
    ];
    let content = says([
        (
            Language::Japanese,
            vec![
                Message::Text("{town} {department_phone}".to_owned()),
                Message::Picture(PictureId::of([0xab; 32])),
                Message::Buttons { title: "{town}".to_owned(), text: "{phone}".to_owned(), buttons },
                Message::Flex { alt: "{department}".to_owned(), contents: r#"{"secret":1}"#.to_owned() },
            ],
        ),
        (Language::English, vec![Message::Text("from {town}".to_owned())]),
    ]);
    world.shelves.put(Broadcast { content, ..broadcast("a", finished(1)) });
    let urls = PictureUrls {
        original: "https://pictures.example/abab/original".to_owned(),
        preview: "https://pictures.example/abab/preview".to_owned(),
    };
    let link = |label: &str, address: &str| Link { label: label.to_owned(), address: address.to_owned() };
    let links = vec![link("みどり市", "https://www.example.jp/みどり市"), link("電話", "tel:000-0001")];
    let one = world.find(0..1).unwrap().published.remove(0);
    assert_eq!((one.began, one.department.as_str(), one.language), (at(1), "防災課", Language::Japanese));
    assert_eq!(
        one.says,
        [
            Said::Text("みどり市 000-0001".to_owned()),
            Said::Picture(urls),
            Said::Buttons { title: "みどり市".to_owned(), text: String::new(), links },
            Said::Text("防災課".to_owned()),
        ]
    );
    let read_in = |language| now(world.page.find(&world.town(), language, 0..1)).unwrap().published.remove(0);
    let english = read_in(Language::English);
    assert_eq!((english.language, english.says), (Language::English, vec![Said::Text("from みどり市".to_owned())]));
    assert_eq!(read_in(Language::EasyJapanese), one, "who wrote nothing in it said it in Japanese");
    world.change(|town| town.departments.clear());
    let one = world.find(0..1).unwrap().published.remove(0);
    assert_eq!((one.department.as_str(), &one.says[0]), ("", &Said::Text("みどり市 ".to_owned())));
}

#[test]
fn a_town_that_does_not_want_it_has_no_page() {
    let world = World::new();
    assert!(now(world.page.open()).unwrap().is_some());
    world.change(|town| town.profile.sending.public_page = Switch::Off);
    assert!(now(world.page.open()).unwrap().is_none());
    assert_eq!(world.shelves.inside().reads, 0);
}

#[test]
fn however_many_look_the_shelves_are_read_once_a_minute() {
    let world = World::new();
    world.shelves.put(broadcast("a", finished(1)));
    for _ in 0..10_000 {
        assert_eq!(world.find(0..30).unwrap().count, 1);
    }
    world.shelves.put(broadcast("b", finished(2)));
    world.clock.0.store(59, Ordering::Relaxed);
    assert_eq!((world.ids(), world.shelves.inside().reads), (vec!["a".to_owned()], 2), "one look at each shelf");
    world.clock.0.store(60, Ordering::Relaxed);
    assert_eq!((world.ids(), world.shelves.inside().reads), (vec!["b".to_owned(), "a".to_owned()], 4));
    world.clock.0.store(-500, Ordering::Relaxed);
    world.ids();
    assert_eq!(world.shelves.inside().reads, 6, "the clock was set back");
}

#[test]
fn the_older_is_shown_while_the_table_fails_and_the_table_is_left_alone_meanwhile() {
    let world = World::new();
    world.shelves.inside().fails = true;
    world.find(0..1).unwrap_err();
    world.shelves.inside().fails = false;
    world.shelves.put(broadcast("a", finished(1)));
    assert_eq!(world.ids(), ["a"]);
    world.shelves.inside().fails = true;
    world.clock.0.store(60, Ordering::Relaxed);
    assert_eq!(world.ids(), ["a"]);
    let reads = world.shelves.inside().reads;
    assert_eq!((world.ids(), world.shelves.inside().reads), (vec!["a".to_owned()], reads));
    world.shelves.inside().fails = false;
    world.shelves.put(broadcast("b", finished(2)));
    world.clock.0.store(120, Ordering::Relaxed);
    assert_eq!(world.ids(), ["b", "a"]);
}

#[test]
fn full_shelves_are_read_to_a_bound_and_it_is_said_that_there_may_be_more() {
    let world = World::new();
    for number in 0..1_200 {
        world.shelves.put(Broadcast { earnest: Earnest::Drill, ..broadcast(&format!("d{number}"), finished(number)) });
    }
    let found = world.find(0..30).unwrap();
    assert_eq!((found.count, found.rest, world.shelves.inside().looked_at), (0, Rest::NotShown, ENDED_MAX));

    let world = World::new();
    for number in 0..1_000 {
        world.shelves.put(broadcast(&format!("b{number}"), finished(number)));
        world.shelves.put(broadcast(&format!("s{number}"), sending(number, None)));
    }
    let found = world.find(0..30).unwrap();
    assert_eq!((found.published.len(), found.count, found.rest), (30, SHOWN_MAX, Rest::NotShown));
    assert!(world.shelves.inside().looked_at <= SENDING_MAX + SHOWN_MAX, "{}", world.shelves.inside().looked_at);
    assert_eq!(found.published[1].id.to_string(), "b999");
    assert_eq!(world.find(SHOWN_MAX - 1..SHOWN_MAX + 30).unwrap().published.len(), 1);
    assert_eq!(world.find(SHOWN_MAX..SHOWN_MAX + 30).unwrap().published, []);

    let world = World::new();
    for number in 0..100 {
        world.shelves.put(broadcast(&format!("b{number}"), finished(number)));
    }
    assert_eq!((world.find(90..120).unwrap().published.len(), world.find(0..1).unwrap().rest), (10, Rest::Nothing));
}

#[test]
fn one_that_ends_while_the_shelves_are_read_is_there_once() {
    let world = World::new();
    world.shelves.put(broadcast("a", sending(1, None)));
    world.shelves.put(broadcast("a", finished(1)));
    assert_eq!(world.ids(), ["a"]);
}
