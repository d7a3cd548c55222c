//! Other systems, as administrators connect them: their secrets are shown once, and all of it is on record.

use app::ports::outside::{ApiKeys as _, Hooks as _};
use app::report::outside::hash_of;
use app::report::systems::SHOWN_AGAIN_WITHIN;
use domain::audit::{Act, Action};
use domain::report::{By, Reporter};
use domain::staff::Role;
use domain::town::Town;
use http::StatusCode;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use tests::console::{Browser, Seen, TownHall};

use super::reports::{self, report, store};

const LIST: &str = "/settings/outside";
const NEW_KEY: &str = "/settings/outside/keys/new";
const NEW_HOOK: &str = "/settings/outside/hooks/new";
const EVIL: &str = r#""><script>alert(1)</script>"#;

async fn hall() -> (TownHall, Browser) {
    hall_at("https://portal.example.jp/").await
}

/// The town whose residents' pages are there.
async fn hall_at(portal: &str) -> (TownHall, Browser) {
    let mut town = Town::default();
    portal.clone_into(&mut town.profile.portal);
    let hall = TownHall::of(town);
    hall.staff.settle([TownHall::person("sato", [Role::Administrator])]);
    let sato = hall.signed_in("sato").await;
    (hall, sato)
}

/// What stands in the page as code.
fn codes(page: &Seen) -> Vec<String> {
    let codes = page.body.split("<code>").skip(1);
    codes.map(|rest| rest.split_once("</code>").unwrap().0.to_owned()).collect()
}

fn acts(hall: &TownHall) -> Vec<Act> {
    let of_systems = |act: &Act| {
        [Action::AddApiKey, Action::RemoveApiKey, Action::AddHook, Action::RemoveHook].contains(&act.action)
    };
    hall.staff.acts().into_iter().filter(of_systems).collect()
}

/// A form that was sent again, after what it made was taken away, makes nothing and shows nothing.
async fn stays_away(sato: &Browser, answer: Seen) {
    assert_eq!(answer.location(), "/settings/outside?done=used", "{}", answer.body);
    assert!(codes(&answer).is_empty(), "{}", answer.body);
    assert!(sato.get(answer.location()).await.body.contains("もう取り消されています"));
}

#[tokio::test]
async fn a_key_is_shown_once_and_works_until_it_is_taken_away() {
    let (hall, sato) = hall().await;
    let form = sato.get(NEW_KEY).await;
    let key = form.field("key").unwrap();
    let fields = [("key", key.as_str()), ("name", " 道路台帳 ")];
    let made = sato.post(&form, NEW_KEY, &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert_eq!(codes(&made), [key.as_str(), "https://portal.example.jp/open311/v2"]);
    let known = hall.api_keys.find(&hash_of(&key)).await.unwrap().unwrap();
    assert_eq!(known.name, "道路台帳");
    // A double click is one key.
    assert_eq!(codes(&sato.post(&form, NEW_KEY, &fields).await)[0], key);
    assert_eq!(hall.api_keys.all().await.unwrap().len(), 1);
    let list = sato.get(LIST).await;
    assert!(list.body.contains("道路台帳") && !list.body.contains(&key), "{}", list.body);
    let remove = format!("{LIST}/keys/{}/remove", hash_of(&key));
    assert!(list.body.contains(&format!("{remove}\">取り消す</a>")), "{}", list.body);
    let asked = sato.get(&remove).await;
    let gone = sato.post(&asked, &remove, &[]).await;
    assert_eq!(gone.location(), "/settings/outside?done=key-removed");
    assert!(hall.api_keys.find(&hash_of(&key)).await.unwrap().is_none());
    assert_eq!(sato.post(&asked, &remove, &[]).await.status, StatusCode::NOT_FOUND, "it is gone");
    // The page that showed it is loaded again.
    stays_away(&sato, sato.post(&form, NEW_KEY, &fields).await).await;
    assert!(hall.api_keys.all().await.unwrap().is_empty(), "it stays away");
    let acts = acts(&hall);
    assert_eq!(acts.iter().map(|act| act.action).collect::<Vec<_>>(), [Action::AddApiKey, Action::RemoveApiKey]);
    assert!(acts.iter().all(|act| !format!("{act:?}").contains(&key) && !format!("{act:?}").contains(&hash_of(&key))));
}

#[tokio::test]
async fn without_an_address_to_hand_out_it_is_said_why_and_where_to_set_it() {
    let (_hall, sato) = hall_at("").await;
    let form = sato.get(NEW_KEY).await;
    let key = form.field("key").unwrap();
    let made = sato.post(&form, NEW_KEY, &[("key", key.as_str()), ("name", "道路台帳")]).await;
    assert_eq!(codes(&made), [key.as_str()], "no address that leads nowhere");
    let overview = sato.get("/settings").await;
    for words in ["設定", "まちの基本情報", "住民向けページのアドレス"] {
        assert!(overview.body.contains(words), "{words}");
        assert!(made.body.contains(&format!("「{words}」")), "{words}: {}", made.body);
    }
}

#[tokio::test]
async fn a_key_that_was_not_minted_here_is_none() {
    let (hall, sato) = hall().await;
    let form = sato.get(NEW_KEY).await;
    let digits = "0".repeat(64);
    for key in ["", "kairan_", "kairan_0", &digits, &format!("kairan_{digits}0"), &format!("kairan_{}", "g".repeat(64))]
    {
        let answer = sato.post(&form, NEW_KEY, &[("key", key), ("name", "道路台帳")]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{key}");
    }
    assert!(hall.api_keys.all().await.unwrap().is_empty() && acts(&hall).is_empty());
}

#[tokio::test]
async fn a_name_is_needed_and_what_was_typed_stays() {
    let (hall, sato) = hall().await;
    for (path, fields) in [(NEW_KEY, vec!["key"]), (NEW_HOOK, vec!["id"])] {
        let form = sato.get(path).await;
        let minted = form.field(fields[0]).unwrap();
        for name in ["", "  ", &"長".repeat(61), "二\n行"] {
            let typed = [(fields[0], minted.as_str()), ("name", name), ("url", "https://hooks.example.jp/")];
            let again = sato.post(&form, path, &typed).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {name}");
            assert_eq!(again.field(fields[0]).unwrap(), minted);
        }
    }
    assert!(hall.api_keys.all().await.unwrap().is_empty() && hall.hooks.all().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_hook_shows_its_secret_once_and_only_where_it_is_in_the_list() {
    let (hall, sato) = hall().await;
    let form = sato.get(NEW_HOOK).await;
    let id = form.field("id").unwrap();
    let fields = [("id", id.as_str()), ("name", "道路台帳"), ("url", "https://hooks.example.jp/kairan?token=abc")];
    let made = sato.post(&form, NEW_HOOK, &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let hook = hall.hooks.all().await.unwrap().remove(0);
    assert_eq!(codes(&made), [hook.secret.expose_secret()]);
    assert!(hook.secret.expose_secret().starts_with("whsec_"));
    // A double click is one hook with one secret; another one under its id is none.
    assert_eq!(codes(&sato.post(&form, NEW_HOOK, &fields).await), codes(&made));
    // Who knows what stands in the form is not shown the secret later.
    hall.clock.advance(SHOWN_AGAIN_WITHIN + SignedDuration::from_secs(1));
    let late = sato.post(&form, NEW_HOOK, &fields).await;
    assert_eq!((late.status, codes(&late)), (StatusCode::BAD_REQUEST, Vec::new()), "{}", late.body);
    let other = [("id", id.as_str()), ("name", "ほか"), ("url", "https://other.example.jp/")];
    assert_eq!(sato.post(&form, NEW_HOOK, &other).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(hall.hooks.all().await.unwrap().len(), 1);
    let list = sato.get(LIST).await;
    assert!(list.body.contains("https://hooks.example.jp") && !list.body.contains("token"), "{}", list.body);
    assert!(!list.body.contains(hook.secret.expose_secret()));
    let remove = format!("{LIST}/hooks/{id}/remove");
    assert!(list.body.contains(&format!("{remove}\">取り除く</a>")), "{}", list.body);
    let asked = sato.get(&remove).await;
    assert!(!asked.body.contains("token"));
    assert_eq!(sato.post(&asked, &remove, &[]).await.location(), "/settings/outside?done=hook-removed");
    assert!(hall.hooks.all().await.unwrap().is_empty());
    assert_eq!(sato.get(&remove).await.status, StatusCode::NOT_FOUND);
    stays_away(&sato, sato.post(&form, NEW_HOOK, &fields).await).await;
    assert!(hall.hooks.all().await.unwrap().is_empty(), "it stays away");
    let acts = acts(&hall);
    assert_eq!(acts.iter().map(|act| act.action).collect::<Vec<_>>(), [Action::AddHook, Action::RemoveHook]);
    assert!(acts.iter().all(|act| !format!("{act:?}").contains("token") && !format!("{act:?}").contains("whsec_")));
}

#[tokio::test]
async fn an_address_that_leads_inside_is_not_taken() {
    let (hall, sato) = hall().await;
    let form = sato.get(NEW_HOOK).await;
    let id = form.field("id").unwrap();
    for url in
        ["", "http://hooks.example.jp/", "https://10.0.0.1/", "https://localhost/", "http://127.0.0.1:9001/", EVIL]
    {
        let again = sato.post(&form, NEW_HOOK, &[("id", &id), ("name", "道路台帳"), ("url", url)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert_eq!(again.field("url").unwrap_or_default(), url, "what was typed stays");
        assert!(!again.body.contains(EVIL));
    }
    for id in ["", "x", "../keys", "0199cccc"] {
        let fields = [("id", id), ("name", "道路台帳"), ("url", "https://hooks.example.jp/")];
        assert_eq!(sato.post(&form, NEW_HOOK, &fields).await.status, StatusCode::BAD_REQUEST, "{id}");
    }
    assert!(hall.hooks.all().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_another_system_filed_was_told_by_nobody_who_called() {
    let hall = reports::hall();
    let mut filed = report(&hall, "filed", "light", Reporter::Told { contact: String::new() });
    filed.history[0].by = By::Outside("道路台帳".to_owned());
    let at = store(&hall, &filed).await;
    let page = hall.signed_in("aoki").await.get(&at).await;
    let named = page.body.matches("ほかのシステム「道路台帳」").count();
    assert_eq!(named, 2, "as reporter and in the history: {}", page.body);
    assert!(!page.body.contains("電話・窓口"));
}
