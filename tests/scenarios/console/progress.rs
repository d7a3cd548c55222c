//! How a broadcast goes on, as its page and its script say it: how far, how fast, what keeps it, and what can be done about it.

use app::ports::Clock;
use app::ports::broadcasts::{Broadcasts, Ledgers, RunKey};
use domain::broadcast::audience::Audience;
use domain::broadcast::{Lane, Pause, PauseReason, Reach, State};
use domain::ids::{BroadcastId, StaffId};
use domain::language::Language;
use domain::sending::account::Account;
use domain::sending::frozen::{FrozenPart, LeftOut};
use domain::sending::ledger::{Doubt, Ledger, PageState, Tried};
use domain::sending::plan::Plan;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tests::console::{Browser, TownHall};
use tests::forms::{Form, forms, unescaped};

use super::broadcasts::{hall, hall_with, noon, press, put, send, stored, written};

const ACCEPTED: PageState = PageState::Accepted { generation: 0, dropped: Vec::new(), request: None };

fn id_of(at: &str) -> BroadcastId {
    at.rsplit('/').next().unwrap().parse().unwrap()
}

fn plan(parts: u16) -> Plan {
    Plan { parts, variants: Vec::new() }
}

fn sending(since: Timestamp, parts: u16, pause: Option<PauseReason>) -> State {
    let reach = Reach { reached: 1_500, capped: 0, followers: 2_000 };
    State::Sending { since, reach, plan: plan(parts), pause: pause.map(|why| Pause { at: since, why }) }
}

/// A part with so many residents, frozen now, and what became of the pages of its first run.
async fn frozen(hall: &TownHall, at: &str, part: u16, residents: u32, pages: &[PageState]) {
    let (broadcast, frozen_at, digest) = (id_of(at), hall.clock.now(), String::new());
    let sections = vec![residents];
    let left_out = LeftOut::default();
    let frozen = FrozenPart { broadcast, part, frozen_at, sections, left_out, digest };
    hall.post.note_frozen(&frozen).await.unwrap();
    became(hall, at, part, pages).await;
}

async fn became(hall: &TownHall, at: &str, part: u16, pages: &[PageState]) {
    let run = RunKey { broadcast: id_of(at), lane: stored(hall, at).await.value.lane, part, run: 0 };
    let fence = hall.post.ledger(&run).await.unwrap().map_or(0, |ledger| ledger.fence) + 1;
    let settled_at = Timestamp::UNIX_EPOCH;
    let ledger = Ledger { fence, lease_until: None, settled_at, pages: pages.to_vec() };
    hall.post.claim(&run, &ledger).await.unwrap();
}

fn open(tried: Tried, doubt: Option<Doubt>) -> PageState {
    PageState::Open { generation: 0, dropped: Vec::new(), tried, doubt }
}

/// What the script of a page is told, which asks where its page says.
async fn asked(browser: &Browser, page: &str) -> Value {
    let url = page.split("data-url=\"").nth(1).unwrap_or_else(|| panic!("nothing is asked by {page}"));
    let url = unescaped(url.split('"').next().unwrap());
    answered(browser, &url).await
}

async fn answered(browser: &Browser, url: &str) -> Value {
    let answer = browser.get(url).await;
    assert_eq!(answer.status, StatusCode::OK);
    serde_json::from_str(&answer.body).unwrap()
}

fn text(answer: &Value) -> &str {
    answer["text"].as_str().unwrap()
}

/// Writes a broadcast that is to go to others.
async fn begun(hall: &TownHall) -> (Browser, String) {
    let aoki = hall.signed_in("aoki").await;
    let at = written(&aoki, "/broadcasts/new", "断水のお知らせ").await;
    (aoki, at)
}

#[tokio::test]
async fn the_bar_is_not_full_before_everybody_is_known() {
    let hall = hall();
    let (aoki, at) = begun(&hall).await;
    put(&hall, &at, sending(hall.clock.now(), 2, None)).await;
    let nobody = asked(&aoki, &aoki.get(&at).await.body).await;
    assert_eq!((&nobody["done"], &nobody["total"]), (&0.into(), &1_500.into()), "{nobody}");
    frozen(&hall, &at, 0, 500, &[ACCEPTED]).await;
    let at_half = asked(&aoki, &aoki.get(&at).await.body).await;
    assert_eq!(
        (&at_half["done"], &at_half["total"], &at_half["finished"]),
        (&500.into(), &1_500.into(), &false.into())
    );
    assert!(text(&at_half).starts_with("500人に送りました。対象を確かめています（1/2）。"), "{at_half}");
    // There are more than were counted.
    frozen(&hall, &at, 1, 2_000, &[ACCEPTED, ACCEPTED]).await;
    let all = asked(&aoki, &aoki.get(&at).await.body).await;
    assert_eq!((&all["done"], &all["total"]), (&1_500.into(), &2_500.into()));
    assert!(text(&all).starts_with("1,500人に送りました。残りは1,000人です。"), "{all}");
    let page = aoki.get(&at).await.body;
    assert!(page.contains(text(&all)), "without scripts it stands on the page: {page}");
}

#[tokio::test]
async fn how_fast_it_goes_is_the_difference_between_two_looks() {
    let hall = hall();
    let (aoki, at) = begun(&hall).await;
    put(&hall, &at, sending(hall.clock.now(), 1, None)).await;
    let pages = |accepted: usize| (0..10).map(move |page| if page < accepted { ACCEPTED } else { PageState::NEW });
    frozen(&hall, &at, 0, 5_000, &pages(0).collect::<Vec<_>>()).await;
    hall.clock.advance(SignedDuration::from_secs(4));
    became(&hall, &at, 0, &pages(2).collect::<Vec<_>>()).await;
    let page = aoki.get(&at).await.body;
    assert!(page.contains("送り始めてからの平均で、毎秒約0.5回"), "{page}");
    let link = page.split("<a href=\"").find(|rest| rest.contains(">最新の状況を表示</a>")).unwrap();
    let link = unescaped(link.split('"').next().unwrap());
    hall.clock.advance(SignedDuration::from_secs(2));
    became(&hall, &at, 0, &pages(8).collect::<Vec<_>>()).await;
    let told = asked(&aoki, &page).await;
    assert!(text(&told).contains("いまは毎秒約3.0回"), "{told}");
    assert!(aoki.get(&link).await.body.contains("いまは毎秒約3.0回"), "the link says it without scripts, too");
    // The look before is kept for some seconds, and longer while nothing comes.
    let since = told["since"].as_str().unwrap().to_owned();
    let ask = format!("{at}/progress.json?at=sending&since={since}");
    hall.clock.advance(SignedDuration::from_secs(10));
    let kept = answered(&aoki, &ask).await;
    let stalled = format!("{at}/progress.json?at=sending&since={}", kept["since"].as_str().unwrap());
    assert!(!text(&answered(&aoki, &stalled).await).contains("しばらくのあいだ"));
    hall.clock.advance(SignedDuration::from_secs(20));
    let told = answered(&aoki, &stalled).await;
    assert!(text(&told).contains("しばらくのあいだ、LINEが新しく受け付けた送信がありません"), "{told}");
    assert_eq!(told["since"], kept["since"]);
    for nonsense in ["", "x", "1-", "-1", "99999999999999999999-1", "9-99999999999999999"] {
        let told = answered(&aoki, &format!("{at}/progress.json?at=sending&since={nonsense}")).await;
        assert!(text(&told).contains("平均で"), "{nonsense}: {told}");
    }
}

#[tokio::test]
async fn what_keeps_it_is_said_in_words() {
    let hall = hall();
    let (aoki, at) = begun(&hall).await;
    put(&hall, &at, sending(hall.clock.now(), 1, None)).await;
    let doubt = Some(Doubt { at: hall.clock.now(), fence: 1 });
    let pages = [
        ACCEPTED,
        open(Tried::Perhaps, None),
        open(Tried::Perhaps, doubt),
        open(Tried::No, doubt),
        PageState::Refused { status: 403 },
    ];
    frozen(&hall, &at, 0, 2_100, &pages).await;
    let told = asked(&aoki, &aoki.get(&at).await.body).await;
    for said in [
        "500人分は、LINEの返事がはっきりしませんでした",
        "1,000人分を、LINEが一度断りました。20分ほどあとに",
        "100人：このアカウントか料金プランでは送れないと、LINEが答えました（番号403）",
    ] {
        assert!(text(&told).contains(said), "{said} is not in {told}");
    }
    assert!(!text(&told).contains("緊急の配信を先に"));
    // An emergency comes.
    let urgent = written(&aoki, "/broadcasts/new", "避難").await;
    let mut emergency = stored(&hall, &urgent).await;
    emergency.value.lane = Lane::Emergency;
    emergency.value.state = sending(hall.clock.now(), 1, None);
    hall.post.put(&emergency.value, Some(emergency.version), None).await.unwrap();
    let told = asked(&aoki, &aoki.get(&at).await.body).await;
    assert!(text(&told).contains("緊急の配信を先に送っているため、待っています"), "{told}");
    // At the end the statuses stand with the account.
    let account = Account { frozen: 2_100, accepted: 500, refused: 100, unclear: 1_500, ..Account::default() };
    let now = hall.clock.now();
    put(&hall, &at, State::Finished { since: now, at: now, plan: plan(1), account }).await;
    let page = aoki.get(&at).await.body;
    assert!(page.contains("100人：このアカウントか料金プランでは送れないと、LINEが答えました（番号403）"), "{page}");
    assert!(!page.contains("data-progress"), "it is over");
}

#[tokio::test]
async fn a_page_moves_by_itself_from_the_approval_to_the_account() {
    let hall = hall();
    let (aoki, at) = begun(&hall).await;
    let now = hall.clock.now();
    let by: StaffId = "baba".parse().unwrap();
    let approved = |after: SignedDuration| {
        let (at, release_at, reach) = (now, now + after, Reach::default());
        State::Approved { by: by.clone(), at, release_at, reach, plan: plan(1) }
    };
    put(&hall, &at, approved(SignedDuration::from_hours(24))).await;
    let page = aoki.get(&at).await.body;
    assert!(!page.contains("data-url") && page.contains("送る時刻を待っています"), "{page}");
    put(&hall, &at, approved(SignedDuration::from_secs(10))).await;
    let before = aoki.get(&at).await.body;
    let told = asked(&aoki, &before).await;
    assert_eq!((&told["moved"], &told["finished"]), (&false.into(), &false.into()), "{told}");
    hall.clock.advance(SignedDuration::from_secs(11));
    assert!(text(&asked(&aoki, &before).await).contains("まもなく送り始めます"));
    // It can be taken back and changed as long as it has not gone.
    let due = aoki.get(&at).await.body;
    assert!(
        due.contains("取り消して下書きに戻す") && due.contains("内容を変える") && !due.contains("送り始めています")
    );
    let stopped = |account| {
        let (by, since, plan) = (Some(by.clone()), Some(now), Some(plan(1)));
        State::Stopped { by, at: now, since, plan, account }
    };
    let mut before = before;
    for (state, offered) in [
        (sending(now, 1, None), "配信を止める"),
        (sending(now, 1, Some(PauseReason::Quota)), "今月の残りの通数が足りません"),
        (stopped(None), "20分ほどかかることがあります"),
        (stopped(Some(Account::default())), "配信の結果"),
    ] {
        put(&hall, &at, state).await;
        assert_eq!(asked(&aoki, &before).await["moved"], true, "{offered}");
        before = aoki.get(&at).await.body;
        assert!(before.contains(offered), "{offered}: {before}");
        if offered != "配信の結果" {
            assert_eq!(asked(&aoki, &before).await["moved"], false, "{offered}");
        }
    }
    assert!(!before.contains("data-url"));
    // What the janitor gave up nobody has stopped, and that is said, before and after it is accounted for.
    let given_up = "職員が止めたのではありません";
    assert!(!before.contains(given_up), "{before}");
    for account in [None, Some(Account::default())] {
        let state = State::Stopped { by: None, at: now, since: Some(now), plan: Some(plan(1)), account };
        put(&hall, &at, state).await;
        assert!(aoki.get(&at).await.body.contains(given_up), "{account:?}");
    }
}

#[tokio::test]
async fn what_waits_for_the_morning_says_so_and_can_be_taken_back() {
    let hall = hall_with(|town| {
        town.profile.sending.quiet_hours = Some(noon());
    });
    let (aoki, at) = begun(&hall).await;
    let (now, by) = (hall.clock.now(), "baba".parse().unwrap());
    put(&hall, &at, State::Approved { by, at: now, release_at: now, reach: Reach::default(), plan: plan(1) }).await;
    let page = aoki.get(&at).await.body;
    assert!(page.contains("お知らせを送らない時間帯なので、2026年11月21日（土）13:00に送り始めます"), "{page}");
    assert!(!page.contains("data-url"), "nothing will happen for long: {page}");
    assert_eq!(press(&aoki, &at, "take-back").await.location(), format!("{at}?done=taken-back"));
}

#[tokio::test]
async fn what_rested_too_long_is_not_offered_to_go_on_but_written_anew_for_the_rest() {
    let hall = hall();
    let (_, at) = begun(&hall).await;
    let baba = hall.signed_in("baba").await;
    put(&hall, &at, sending(hall.clock.now(), 1, Some(PauseReason::Quota))).await;
    frozen(&hall, &at, 0, 1_200, &[ACCEPTED, PageState::NEW, PageState::NEW]).await;
    let young = baba.get(&at).await.body;
    assert!(
        young.contains("/resume") && !young.contains("23時間") && !young.contains("届いていない人だけに"),
        "{young}"
    );
    hall.clock.advance(SignedDuration::from_hours(23));
    let (aoki, baba) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let old = baba.get(&at).await.body;
    assert!(old.contains("残りのうち700人には、続きから送れません"), "{old}");
    assert!(!old.contains("/resume") && !old.contains("「配信を再開する」を押して"), "{old}");
    // A part that is frozen only then can still go.
    put(&hall, &at, sending(hall.clock.now(), 2, Some(PauseReason::Quota))).await;
    assert!(baba.get(&at).await.body.contains("/resume"));

    copy_for_the_rest(&aoki.get(&at).await.body);
    let account = Account { frozen: 1_200, accepted: 500, stopped: 700, ..Account::default() };
    let (by, now) = (Some("baba".parse().unwrap()), hall.clock.now());
    let stopped = State::Stopped { by, at: now, since: Some(now), plan: Some(plan(1)), account: Some(account) };
    put(&hall, &at, stopped).await;
    // Whomever it was for, the rest of them can be shown in the form.
    let (joined, rest) =
        (|| Audience::JoinedSince(jiff::civil::date(2026, 1, 1)), || Audience::NotReceived(id_of(&at)));
    let japanese = || Audience::Languages([Language::Japanese].into());
    for (was, expected) in [
        (Audience::All, rest()),
        (joined(), Audience::And(vec![joined(), rest()])),
        (Audience::And(vec![joined(), japanese()]), Audience::And(vec![joined(), japanese(), rest()])),
        (
            Audience::Or(vec![joined(), japanese()]),
            Audience::And(vec![Audience::Or(vec![joined(), japanese()]), rest()]),
        ),
        (
            Audience::Or(vec![joined(), Audience::And(vec![joined(), japanese()])]),
            Audience::Or(vec![
                Audience::And(vec![joined(), rest()]),
                Audience::And(vec![joined(), japanese(), rest()]),
            ]),
        ),
    ] {
        let mut original = stored(&hall, &at).await;
        original.value.audience = was;
        hall.post.put(&original.value, Some(original.version), None).await.unwrap();
        let sent = send(&aoki, &copy_for_the_rest(&aoki.get(&at).await.body), &[]).await;
        let copy = stored(&hall, sent.location().strip_suffix("/edit").unwrap()).await.value;
        assert_eq!(copy.audience, expected);
        assert_eq!(aoki.get(sent.location()).await.status, StatusCode::OK, "{expected:?}");
    }
}

/// The form of the button that copies a broadcast for those who did not get it.
fn copy_for_the_rest(page: &str) -> Form {
    let whom = ("whom".to_owned(), "rest".to_owned());
    let form = forms(page).into_iter().find(|form| form.untouched().contains(&whom));
    form.unwrap_or_else(|| panic!("no copy for the rest in {page}"))
}
