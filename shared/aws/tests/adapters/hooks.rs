//! Where other systems hear of changes: made and taken away once, each time with its entry in the audit log.

use std::sync::Arc;

use app::ports::outside::{Hook, Hooks as _};
use app::ports::staff::Written;
use aws::Table;
use aws::hooks::TableHooks;
use domain::audit::{Act, Action, Actor};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use crate::memory::{Memory, Served};
use crate::stub::Stub;

fn noon() -> Timestamp {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

fn hook(number: u8, name: &str) -> Hook {
    let id = format!("0199cccc-0000-7000-8000-{number:012}");
    let (url, secret) = (format!("https://{number}.example.jp/hook"), format!("whsec_{number}").into());
    Hook { id, name: name.to_owned(), url, secret, made_at: noon() }
}

fn act(action: Action) -> Act {
    Act {
        at: noon(),
        actor: Actor::Staff("sato".parse().unwrap()),
        action,
        subject: "hook/1".to_owned(),
        department: None,
        before: String::new(),
        after: String::new(),
    }
}

fn facts(hook: &Hook) -> (String, String, String, String, Timestamp) {
    let Hook { id, name, url, secret, made_at } = hook.clone();
    (id, name, url, secret.expose_secret().to_owned(), made_at)
}

#[tokio::test]
async fn hooks_are_made_and_taken_away_once_and_each_time_on_record() {
    let memory = Arc::new(Memory::default());
    let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
    let hooks = TableHooks::new(Table::new(&stub.clients(), "city".to_owned()));
    let entries = || memory.partition("AUDIT#2026-11-22").len();
    assert!(hooks.all().await.unwrap().is_empty());
    for (number, name) in [(1, "河川管理"), (2, "あかり"), (3, "あかり")] {
        let add = act(Action::AddHook);
        assert_eq!(hooks.add(&hook(number, name), &add).await.unwrap(), Written::Done);
        assert_eq!(hooks.add(&hook(number, "ほか"), &add).await.unwrap(), Written::Raced, "it is there");
    }
    assert_eq!(entries(), 3);
    let all: Vec<_> = hooks.all().await.unwrap().iter().map(facts).collect();
    assert_eq!(all, [facts(&hook(2, "あかり")), facts(&hook(3, "あかり")), facts(&hook(1, "河川管理"))]);
    let (id, remove) = (hook(2, "").id, act(Action::RemoveHook));
    assert_eq!(hooks.remove(&id, &remove).await.unwrap(), Written::Done);
    assert_eq!(hooks.remove(&id, &remove).await.unwrap(), Written::Raced, "it is away");
    assert_eq!((hooks.all().await.unwrap().len(), entries()), (2, 4));
    let again = hooks.add(&hook(2, "あかり"), &act(Action::AddHook)).await.unwrap();
    assert_eq!((again, hooks.all().await.unwrap().len(), entries()), (Written::Raced, 2, 4), "it does not come back");
}

#[tokio::test]
async fn nothing_is_written_where_the_log_cannot_be() {
    let memory = Arc::new(Memory::default());
    let stub = Stub::served_by(Served(Arc::clone(&memory))).await;
    let hooks = TableHooks::new(Table::new(&stub.clients(), "city".to_owned()));
    memory.die_after(Some(0));
    assert!(hooks.add(&hook(1, "河川管理"), &act(Action::AddHook)).await.is_err());
    memory.die_after(None);
    assert!(hooks.all().await.unwrap().is_empty() && memory.partition("AUDIT#2026-11-22").is_empty());
}

#[test]
fn a_hook_shows_nobody_its_secret() {
    assert!(!format!("{:?}", hook(1, "河川管理")).contains("whsec_"));
}
