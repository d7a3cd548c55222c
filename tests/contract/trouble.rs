//! Bad days of LINE's, with the real functions in between: whatever happens, an answer is said once.
//!
//! The faults hit whoever comes along, so these run one after another, while nobody else is in the city.

use std::time::Duration;

use serde_json::{Value, json};

use crate::place::{PATIENCE, Place, Simulator, somebody};
use crate::story::settle;

/// A delivery that failed comes again after 36 s (`VisibilityTimeout` in the template).
const NEXT_DELIVERY: Duration = Duration::from_secs(75);

/// Asks for a battery while this goes wrong, and says how often the answer was heard once all is over.
async fn answers_in_spite_of(test: &str, fault: Value) -> usize {
    let simulator = Simulator::of(&Place::running());
    simulator.heal().await;
    let resident = somebody(test);
    settle(&simulator, &resident).await;
    simulator.suffer(&fault).await;
    simulator.play(&resident, json!({ "type": "text", "text": "かんでんち" })).await;
    // Their queue is in order: what they ask next is answered when the first question is settled.
    simulator.play(&resident, json!({ "type": "text", "text": "ヘルプ" })).await;
    simulator.hears_within(NEXT_DELIVERY, &resident, &["捨てたいものの名前を送ると"]).await;
    assert!(simulator.heal().await >= fault["times"].as_u64().unwrap_or(1), "it went wrong: {fault}");
    simulator
        .heard(&resident)
        .await
        .iter()
        .filter(|message| message.contains("有害・危険ごみ") && message.contains("乾電池"))
        .count()
}

#[tokio::test]
async fn trouble_an_internal_error_is_tried_again() {
    let fault = json!({ "on": "reply", "kind": "error500", "times": 2 });
    assert_eq!(answers_in_spite_of("error-500", fault).await, 1);
}

#[tokio::test]
async fn trouble_an_outage_of_seconds_is_outlived_by_the_next_delivery() {
    let fault = json!({ "on": "reply", "kind": "error500", "times": 3 });
    assert_eq!(answers_in_spite_of("outage", fault).await, 1);
}

#[tokio::test]
async fn trouble_a_rate_limit_is_waited_for() {
    let fault = json!({ "on": "reply", "kind": "rate429", "times": 1 });
    assert_eq!(answers_in_spite_of("rate-429", fault).await, 1);
}

/// Every attempt of the first delivery is refused: the next one pushes, whether the reply token still lives or not.
#[tokio::test]
async fn trouble_a_reply_that_is_refused_for_seconds_goes_out_as_a_push() {
    let fault = json!({ "on": "reply", "kind": "rate429", "times": 3 });
    assert_eq!(answers_in_spite_of("refused", fault).await, 1);
}

#[tokio::test]
async fn trouble_an_answer_that_was_taken_without_a_word_is_not_said_again() {
    let fault = json!({ "on": "reply", "kind": "timeoutAfterAccept", "times": 1 });
    assert_eq!(answers_in_spite_of("accepted", fault).await, 1);
}

/// Two calls that hang take longer than the function may: it is killed after it has committed and before it has spoken.
#[tokio::test]
async fn trouble_a_delivery_that_ends_between_commit_and_reply_is_made_up_for_by_the_next() {
    let fault = json!({ "on": "reply", "kind": "timeoutBefore", "times": 3 });
    assert_eq!(answers_in_spite_of("killed", fault).await, 1);
}

#[tokio::test]
async fn trouble_a_channel_token_that_ends_early_is_made_anew() {
    let fault = json!({ "on": "reply", "kind": "expireToken", "times": 1 });
    assert_eq!(answers_in_spite_of("token", fault).await, 1);
}

#[tokio::test]
async fn trouble_a_webhook_that_comes_twice_is_answered_once() {
    let fault = json!({ "on": "webhook", "kind": "duplicateWebhook" });
    assert_eq!(answers_in_spite_of("twice", fault).await, 1);
}

/// The answer is lost, as the platform says; the resident is not.
#[tokio::test]
async fn trouble_a_spent_reply_token_holds_nobody_up() {
    let fault = json!({ "on": "reply", "kind": "badReplyToken", "times": 1 });
    assert_eq!(answers_in_spite_of("spent", fault).await, 0);
}

#[tokio::test]
async fn trouble_an_older_event_that_comes_later_undoes_nothing() {
    let simulator = Simulator::of(&Place::running());
    simulator.heal().await;
    let resident = somebody("reordered");
    settle(&simulator, &resident).await;
    simulator.suffer(&json!({ "on": "webhook", "kind": "reorderWebhook", "times": 1, "ms": 30_000 })).await;
    let choose =
        |district: &str| json!({ "type": "postback", "data": format!("set-district:{district}"), "wait": false });
    simulator.play(&resident, choose("honmachi")).await;
    // The fault has struck once the first event is held back; only then the second may go.
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while simulator.struck().await == 0 {
        assert!(tokio::time::Instant::now() < deadline, "the first event was never held back");
        tokio::task::yield_now().await;
    }
    simulator.play(&resident, choose("kitahara")).await;
    simulator.hears(&resident, &["「北原」にしました。"]).await;
    // The older choice comes now; whatever is said to it, the newer one stands.
    simulator.delivered(&resident, "set-district:honmachi").await;
    assert_eq!(simulator.heal().await, 1);
    simulator.play(&resident, json!({ "type": "text", "text": "設定" })).await;
    let settings = simulator.hears(&resident, &["いまの設定"]).await;
    assert!(settings.contains("北原") && !settings.contains("本町"), "{settings}");
}
