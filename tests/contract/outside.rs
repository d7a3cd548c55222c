//! Keys of other systems and where they hear of changes: the fakes and the table keep the same promises.

use std::sync::Arc;

use app::ports::outside::{ApiKey, ApiKeys, Hook, Hooks};
use app::ports::staff::{AuditLog, Written};
use aws::Table;
use aws::api_keys::TableApiKeys;
use aws::audit::TableAudit;
use aws::clock::SystemClock;
use aws::hooks::TableHooks;
use domain::audit::{Act, Action};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use tests::hooks::TestHooks;
use tests::outside::TestApiKeys;
use tests::staff::TestStaff;

use crate::place::Place;
use crate::staff::{act, now};

/// All that belongs to other systems, and where it is recorded.
struct Shelf {
    keys: Arc<dyn ApiKeys>,
    hooks: Arc<dyn Hooks>,
    log: Arc<dyn AuditLog>,
}

impl Shelf {
    fn in_memory() -> Self {
        let log = Arc::new(TestStaff::new(Arc::new(SystemClock)));
        Self { keys: Arc::new(TestApiKeys::new(log.clone())), hooks: Arc::new(TestHooks::new(log.clone())), log }
    }

    fn in_table(table: &Table) -> Self {
        Self {
            keys: Arc::new(TableApiKeys::new(table.clone())),
            hooks: Arc::new(TableHooks::new(table.clone())),
            log: Arc::new(TableAudit::new(table.clone())),
        }
    }

    async fn entries(&self) -> u64 {
        self.log.days(None, 1_000).await.unwrap().iter().map(|end| end.entries).sum()
    }
}

fn done(action: Action) -> Act {
    act(action, &"taro".parse().unwrap())
}

fn key(name: &str, hash: &str) -> ApiKey {
    ApiKey { hash: hash.repeat(32), name: name.to_owned(), made_at: now() }
}

fn hook(number: u8, name: &str) -> Hook {
    Hook {
        id: format!("0199eeee-0000-7000-8000-{number:012}"),
        name: name.to_owned(),
        url: format!("https://{number}.example.jp/hook?token=秘密"),
        secret: format!("whsec_{number}").into(),
        made_at: now(),
    }
}

/// A hook with its secret, to be compared.
fn facts(hook: &Hook) -> (String, String, String, String, Timestamp) {
    let Hook { id, name, url, secret, made_at } = hook.clone();
    (id, name, url, secret.expose_secret().to_owned(), made_at)
}

async fn a_key_is_found_until_it_is_taken_away(shelf: &Shelf) {
    let (keys, entries) = (&shelf.keys, shelf.entries().await);
    let (app, sensors, twin) = (key("防犯アプリ", "cc"), key("センサー", "bb"), key("センサー", "aa"));
    assert_eq!((keys.find(&app.hash).await.unwrap(), keys.all().await.unwrap()), (None, vec![]));
    for each in [&app, &sensors, &twin] {
        assert_eq!(keys.add(each, &done(Action::AddApiKey)).await.unwrap(), Written::Done);
    }
    let again = ApiKey { name: "べつの名".to_owned(), ..app.clone() };
    assert_eq!(keys.add(&again, &done(Action::AddApiKey)).await.unwrap(), Written::Raced);
    assert_eq!(keys.find(&app.hash).await.unwrap(), Some(app.clone()), "the first name stays");
    assert_eq!(keys.all().await.unwrap(), [twin.clone(), sensors.clone(), app.clone()], "by name, then by hash");
    for expected in [Written::Done, Written::Raced] {
        assert_eq!(keys.remove(&app.hash, &done(Action::RemoveApiKey)).await.unwrap(), expected);
    }
    assert_eq!(keys.add(&app, &done(Action::AddApiKey)).await.unwrap(), Written::Raced, "a key is good once");
    assert_eq!((keys.find(&app.hash).await.unwrap(), keys.all().await.unwrap()), (None, vec![twin, sensors]));
    assert_eq!(shelf.entries().await, entries + 4, "what was not written is not recorded");
}

async fn a_hook_is_kept_whole_until_it_is_taken_away(shelf: &Shelf) {
    let (hooks, entries) = (&shelf.hooks, shelf.entries().await);
    let all = async || hooks.all().await.unwrap().iter().map(facts).collect::<Vec<_>>();
    assert!(all().await.is_empty());
    let (rivers, light, twin) = (hook(1, "河川管理"), hook(3, "あかり"), hook(2, "あかり"));
    for each in [&rivers, &light, &twin] {
        assert_eq!(hooks.add(each, &done(Action::AddHook)).await.unwrap(), Written::Done);
    }
    let again = Hook { url: "https://evil.example.jp/".to_owned(), ..rivers.clone() };
    assert_eq!(hooks.add(&again, &done(Action::AddHook)).await.unwrap(), Written::Raced);
    assert_eq!(all().await, [&twin, &light, &rivers].map(facts), "by name, then by id; the first address stays");
    for expected in [Written::Done, Written::Raced] {
        assert_eq!(hooks.remove(&light.id, &done(Action::RemoveHook)).await.unwrap(), expected);
    }
    assert_eq!(hooks.add(&light, &done(Action::AddHook)).await.unwrap(), Written::Raced, "an id is good once");
    assert_eq!(all().await, [&twin, &rivers].map(facts));
    assert_eq!(shelf.entries().await, entries + 4, "what was not written is not recorded");
}

async fn of_two_who_add_or_remove_the_same_at_once_one_is_first(shelf: &Shelf) {
    let (key, hook) = (key("二重", "dd"), hook(9, "二重"));
    let entries = shelf.entries().await;
    let (add_key, add_hook) = (done(Action::AddApiKey), done(Action::AddHook));
    let keys = tokio::join!(shelf.keys.add(&key, &add_key), shelf.keys.add(&key, &add_key));
    let hooks = tokio::join!(shelf.hooks.add(&hook, &add_hook), shelf.hooks.add(&hook, &add_hook));
    let (take_key, take_hook) = (done(Action::RemoveApiKey), done(Action::RemoveHook));
    let no_keys = tokio::join!(shelf.keys.remove(&key.hash, &take_key), shelf.keys.remove(&key.hash, &take_key));
    let no_hooks = tokio::join!(shelf.hooks.remove(&hook.id, &take_hook), shelf.hooks.remove(&hook.id, &take_hook));
    for (one, other) in [keys, hooks, no_keys, no_hooks] {
        let both = [one.unwrap(), other.unwrap()];
        assert!(both.contains(&Written::Done) && both.contains(&Written::Raced), "{both:?}");
    }
    assert_eq!(shelf.entries().await, entries + 4);
}

async fn keeps_its_promises(shelf: &Shelf) {
    a_key_is_found_until_it_is_taken_away(shelf).await;
    a_hook_is_kept_whole_until_it_is_taken_away(shelf).await;
    of_two_who_add_or_remove_the_same_at_once_one_is_first(shelf).await;
    crate::audit::whole(shelf.log.as_ref()).await;
}

#[tokio::test]
async fn the_fakes_keep_their_promises() {
    keeps_its_promises(&Shelf::in_memory()).await;
}

#[tokio::test]
async fn the_table_keeps_its_promises() {
    keeps_its_promises(&Shelf::in_table(&Place::running().scratch_table("outside").await)).await;
}
