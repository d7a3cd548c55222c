//! The main job on real input: a resident follows, picks a district, asks for かんでんち, and gets the right answer,
//! through the real functions that the real template deployed.

use serde_json::{Value, json};

use crate::place::{Place, Simulator, somebody};

/// Follows and chooses the district 朝日台 by typing.
pub(crate) async fn settle(simulator: &Simulator, resident: &str) {
    simulator.play(resident, json!({ "type": "follow" })).await;
    simulator.hears(resident, &["地区を選ぶ"]).await;
    simulator.play(resident, json!({ "type": "postback", "data": "district" })).await;
    simulator.hears(resident, &["お住まいの地区"]).await;
    simulator.play(resident, json!({ "type": "text", "text": "朝日台" })).await;
    simulator.hears(resident, &["お住まいの地区を「朝日台」にしました。"]).await;
}

#[tokio::test]
async fn a_new_resident_asks_for_a_battery_and_gets_category_and_day() {
    let simulator = Simulator::of(&Place::running());
    let resident = somebody("battery");
    settle(&simulator, &resident).await;
    simulator.play(&resident, json!({ "type": "text", "text": "かんでんち" })).await;
    let answer = simulator.hears(&resident, &["乾電池", "有害・危険ごみ", "次の収集日"]).await;
    assert!(answer.contains("月") && answer.contains("日("), "a date: {answer}");
}

#[tokio::test]
async fn settings_are_seen_changed_and_cleared() {
    let simulator = Simulator::of(&Place::running());
    let resident = somebody("settings");
    settle(&simulator, &resident).await;
    simulator.play(&resident, json!({ "type": "text", "text": "設定" })).await;
    simulator.hears(&resident, &["いまの設定", "朝日台"]).await;
    simulator.play(&resident, json!({ "type": "postback", "data": "set-language:en" })).await;
    simulator.hears(&resident, &["I will answer in English."]).await;
    simulator.play(&resident, json!({ "type": "postback", "data": "clear-now" })).await;
    simulator.hears(&resident, &["設定をすべて消しました"]).await;
}

#[tokio::test]
async fn stickers_photos_and_unknown_events_get_a_kind_answer_or_none() {
    let simulator = Simulator::of(&Place::running());
    let resident = somebody("things");
    simulator.play(&resident, json!({ "type": "follow" })).await;
    simulator.hears(&resident, &["地区を選ぶ"]).await;
    simulator.play(&resident, json!({ "type": "sticker" })).await;
    simulator.hears(&resident, &["スタンプをありがとうございます"]).await;
    simulator.play(&resident, json!({ "type": "image" })).await;
    simulator.hears(&resident, &["写真をありがとうございます"]).await;
    let odd = json!({ "type": "someday", "mode": "active", "source": { "type": "user", "userId": resident } });
    simulator.play(&resident, json!({ "type": "raw", "event": odd })).await;
    simulator.play(&resident, json!({ "type": "text", "text": "ヘルプ" })).await;
    simulator.hears(&resident, &["捨てたいものの名前を送ると"]).await;
}

#[tokio::test]
async fn a_question_is_answered_once_though_the_webhook_comes_many_times() {
    let simulator = Simulator::of(&Place::running());
    let resident = somebody("many-times");
    settle(&simulator, &resident).await;
    let before = simulator.heard(&resident).await.len();
    let event: Value = json!({
        "type": "message", "mode": "active", "timestamp": 1_795_230_000_000_i64,
        "webhookEventId": format!("01KREPEAT{}", std::process::id()),
        "deliveryContext": { "isRedelivery": false },
        "source": { "type": "user", "userId": resident },
        "message": { "type": "text", "id": "1", "text": "かんでんち" },
    });
    for _ in 0..10 {
        simulator.play(&resident, json!({ "type": "raw", "event": event })).await;
    }
    simulator.hears(&resident, &["乾電池", "有害・危険ごみ"]).await;
    // A later question of the same resident is answered after all repeats: their queue is in order.
    simulator.play(&resident, json!({ "type": "text", "text": "ヘルプ" })).await;
    simulator.hears(&resident, &["捨てたいものの名前を送ると"]).await;
    let answers =
        simulator.heard(&resident).await[before..].iter().filter(|message| message.contains("有害・危険ごみ")).count();
    assert_eq!(answers, 1);
}
