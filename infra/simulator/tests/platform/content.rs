//! Pictures, videos and files that residents send, and how the account downloads them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::city::City;

#[tokio::test]
async fn a_picture_can_be_downloaded_until_it_is_unsent() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let given = b"\xff\xd8\xffnot really";
    let image = json!({ "type": "image", "data": STANDARD.encode(given), "contentType": "image/png" });
    let played = city.play(&resident, image).await;
    let id = played["messageId"].as_str().unwrap();
    assert_eq!(city.hook.bodies()[0]["events"][0]["message"]["contentProvider"], json!({ "type": "line" }));
    let path = format!("/v2/bot/message/{id}/content");
    let response = city.http.get(city.data_url(&path)).bearer_auth(&city.token).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(&response.bytes().await.unwrap()[..], given);
    assert_eq!(city.get_data(&format!("{path}/preview")).await.status, 200);
    assert_eq!(city.get_data(&format!("{path}/transcoding")).await.status, 404);
    let shown = city.chat(&resident).await[0]["contentUrl"].as_str().unwrap().to_owned();
    assert_eq!(city.get(&shown).await.status, 200);

    city.play(&resident, json!({ "type": "unsend", "messageId": id })).await;
    assert_eq!(city.get_data(&path).await.status, 410);
    assert_eq!(city.get(&shown).await.status, 404);
    assert_eq!(city.hook.bodies()[1]["events"][0]["unsend"], json!({ "messageId": id }));
    assert_eq!(city.get_data("/v2/bot/message/12345/content").await.status, 404);
    assert_eq!(city.get_data("/v2/bot/message/not-a-number/content").await.status, 404);
}

#[tokio::test]
async fn each_host_answers_404_for_the_endpoints_of_the_other() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let played = city.play(&resident, json!({ "type": "image" })).await;
    let path = format!("/v2/bot/message/{}/content", played["messageId"].as_str().unwrap());
    assert_eq!(city.get_data(&path).await.status, 200);
    assert_eq!(city.get(&path).await.status, 404);
    let calls = city.ask("/simulator/calls").await["calls"].clone();
    assert_eq!(calls.as_array().unwrap().last().unwrap()["warning"], "this is an endpoint of LINE's other host");
    assert_eq!(city.get("/v2/bot/info").await.status, 200);
    for path in ["/v2/bot/info", "/simulator/config", "/phone/", "/"] {
        assert_eq!(city.get_data(path).await.status, 404, "{path}");
    }
    assert_eq!(city.ask("/simulator/config").await["lineData"], city.simulator.data_url());
}

#[tokio::test]
async fn photos_that_were_sent_together_say_so_one_by_one() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    for index in [2, 1] {
        let set = json!({ "id": "E0", "index": index, "total": 2 });
        city.play(&resident, json!({ "type": "image", "imageSet": set })).await;
    }
    let sets: Vec<_> = city.hook.bodies().iter().map(|body| body["events"][0]["message"]["imageSet"].clone()).collect();
    assert_eq!(sets, [2, 1].map(|index| json!({ "id": "E0", "index": index, "total": 2 })));
    city.play(&resident, json!({ "type": "image" })).await;
    assert!(city.hook.bodies()[2]["events"][0]["message"].get("imageSet").is_none());
}

#[tokio::test]
async fn a_video_is_prepared_first() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let limits = json!({ "contentReadyAfterMs": 60_000 });
    city.admin(reqwest::Method::PUT, "/simulator/limits", limits).await;
    let played = city.play(&resident, json!({ "type": "video" })).await;
    let path = format!("/v2/bot/message/{}/content", played["messageId"].as_str().unwrap());
    assert_eq!(city.get_data(&path).await.status, 202);
    assert_eq!(city.get_data(&format!("{path}/transcoding")).await.body, json!({ "status": "processing" }));
    city.advance(60_000).await;
    assert_eq!(city.get_data(&path).await.status, 200);
    assert_eq!(city.get_data(&format!("{path}/transcoding")).await.body, json!({ "status": "succeeded" }));
}

#[tokio::test]
async fn the_other_kinds_of_messages_arrive_as_line_sends_them() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let events = [
        json!({ "type": "location", "latitude": 33.59, "longitude": 130.4, "title": "駅" }),
        json!({ "type": "sticker" }),
        json!({ "type": "file" }),
        json!({ "type": "audio" }),
        json!({ "type": "image" }),
    ];
    for event in events {
        city.play(&resident, event).await;
    }
    let messages: Vec<_> = city.hook.bodies().iter().map(|body| body["events"][0]["message"].clone()).collect();
    assert_eq!((&messages[0]["latitude"], &messages[0]["title"]), (&json!(33.59), &json!("駅")));
    assert_eq!(messages[1]["stickerResourceType"], "STATIC");
    assert!(messages[2]["fileName"].is_string() && messages[2]["fileSize"].is_u64());
    assert!(messages[3]["duration"].is_u64());
    let picture =
        city.http.get(city.data_url(&format!("/v2/bot/message/{}/content", messages[4]["id"].as_str().unwrap())));
    let picture = picture.bearer_auth(&city.token).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/jpeg");
    assert!(picture.bytes().await.unwrap().starts_with(b"\xff\xd8"));
}
