//! The channel's credentials: when they are read, and when they are read again.

use std::sync::Arc;

use app::error::{Chain, Kind};
use app::ports::ChannelSecrets;
use aws::secrets::{REREAD_PAUSE, StoredChannelSecrets};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::stub::{Answer, Stub, TestClock, error, ok};

fn holding(text: &str) -> Answer {
    ok(json!({"ARN": "arn", "Name": "line", "SecretString": text, "VersionId": "1", "VersionStages": ["AWSCURRENT"]}))
}

fn secret(value: &str) -> Answer {
    holding(&json!({"channelId": "1234567890", "channelSecret": value}).to_string())
}

fn stored(stub: &Stub, clock: &Arc<TestClock>) -> StoredChannelSecrets {
    StoredChannelSecrets::new(&stub.clients(), "line".to_owned(), clock.clone())
}

#[tokio::test]
async fn the_secret_is_read_once_and_again_only_when_reported_wrong_and_at_most_once_a_minute() {
    let stub = Stub::answering([secret("old"), secret("old"), secret("new")]).await;
    let clock = TestClock::at("2026-11-21T00:00:00Z");
    let secrets = stored(&stub, &clock);

    let old = secrets.current().await.unwrap();
    assert_eq!(old.channel_secret.expose_secret(), "old");
    assert!(Arc::ptr_eq(&old, &secrets.current().await.unwrap()));
    assert!(Arc::ptr_eq(&old, &secrets.renewed(&old).await.unwrap()), "it was read a moment ago");
    assert_eq!(stub.operations().await, ["GetSecretValue"]);

    clock.advance(REREAD_PAUSE);
    let same = secrets.renewed(&old).await.unwrap();
    assert_eq!(same.channel_secret.expose_secret(), "old");
    clock.advance(REREAD_PAUSE - SignedDuration::from_millis(1));
    assert!(Arc::ptr_eq(&same, &secrets.renewed(&same).await.unwrap()), "not yet a minute");
    assert_eq!(stub.operations().await.len(), 2);

    clock.advance(SignedDuration::from_millis(1));
    let new = secrets.renewed(&same).await.unwrap();
    assert_eq!(new.channel_secret.expose_secret(), "new");
    assert!(Arc::ptr_eq(&new, &secrets.current().await.unwrap()));
    clock.advance(REREAD_PAUSE);
    assert!(Arc::ptr_eq(&new, &secrets.renewed(&same).await.unwrap()), "a late report of a replaced one reads nothing");
    assert_eq!(stub.operations().await.len(), 3);
}

#[tokio::test]
async fn a_placeholder_is_a_clear_error_and_is_not_kept() {
    let stub =
        Stub::answering([holding(r#"{"channelId":"FILL_IN","channelSecret":"FILL_IN"}"#), secret("filled")]).await;
    let clock = TestClock::at("2026-11-21T00:00:00Z");
    let secrets = stored(&stub, &clock);
    let error = secrets.current().await.unwrap_err();
    assert_eq!(error.kind, Kind::Permanent);
    assert!(Chain(&error).to_string().contains("still holds FILL_IN"), "{}", Chain(&error));
    assert_eq!(secrets.current().await.unwrap().channel_secret.expose_secret(), "filled");
}

#[tokio::test]
async fn faults_are_tried_again_and_then_told_by_kind() {
    for (fault, kind, attempts) in [
        (("ThrottlingException", 400), Kind::Throttled, 3),
        (("InternalServiceError", 500), Kind::Transient, 3),
        (("ResourceNotFoundException", 400), Kind::Transient, 1),
        (("ValidationException", 400), Kind::Permanent, 1),
    ] {
        let stub = Stub::answering((0..3).map(|_| error(fault.1, fault.0))).await;
        let clock = TestClock::at("2026-11-21T00:00:00Z");
        let error = stored(&stub, &clock).current().await.unwrap_err();
        assert_eq!((error.kind, stub.operations().await.len()), (kind, attempts), "{fault:?}: {}", Chain(&error));
        assert!(Chain(&error).to_string().contains(fault.0), "{}", Chain(&error));
    }
    let stub = Stub::answering([error(400, "ThrottlingException"), secret("late")]).await;
    let clock = TestClock::at("2026-11-21T00:00:00Z");
    assert_eq!(stored(&stub, &clock).current().await.unwrap().channel_secret.expose_secret(), "late");
}

#[tokio::test]
async fn many_who_wait_for_the_secret_cause_one_call() {
    let stub = Stub::answering([secret("one")]).await;
    let clock = TestClock::at("2026-11-21T00:00:00Z");
    let secrets = stored(&stub, &clock);
    let (a, b, c) = tokio::join!(secrets.current(), secrets.current(), secrets.current());
    assert!([a, b, c].iter().all(Result::is_ok));
    assert_eq!(stub.operations().await.len(), 1);
}
