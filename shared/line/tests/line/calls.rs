//! Every call of the client: its request as LINE documents it, and its answer understood.

use app::ports::Messages;
use bytes::Bytes;
use domain::sending::frozen::PackedId;
use line::client::error::{LineError, RequestId};
use line::client::{
    Acceptance, Alias, Area, Bounds, Content, FollowersPage, Gone, ImageType, LoadingSeconds, Multicast, Narrowcast,
    Phase, Quota, RetryKey, RichMenu, Size, ValidateFor, WebhookEndpoint, WebhookTest,
};
use line::message::MessageArray;
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::matchers::{body_bytes, body_json, header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::city::{City, resident};

const KEY: RetryKey = RetryKey(Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef));
const KEY_TEXT: &str = "12345678-9abc-4def-8123-456789abcdef";
const MENU: &str = "richmenu-88c05ef6921ae53f8b58a25f3a65faf7";

fn messages() -> MessageArray {
    MessageArray::parse(r#"[{"type":"text","text":"乾電池は有害ごみです"}]"#.to_owned()).unwrap()
}

fn multicast(residents: usize) -> Result<Multicast, LineError> {
    let to: Vec<_> = (0..residents).map(|number| PackedId::of(&resident(number))).collect();
    Multicast::new(&to, &Messages(messages().as_str().to_owned()))
}

fn message() -> Value {
    json!({ "type": "text", "text": "乾電池は有害ごみです" })
}

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("x-line-request-id", "request-1").set_body_json(body)
}

fn id(text: &str) -> RequestId {
    RequestId(text.to_owned())
}

#[tokio::test]
async fn a_reply_carries_no_retry_key_and_tells_the_ids() {
    let city = City::new().await;
    let expected = json!({ "replyToken": "r-1", "messages": [message()] });
    Mock::given(method("POST"))
        .and(path("/v2/bot/message/reply"))
        .and(header("authorization", "Bearer token-1"))
        .and(header("content-type", "application/json"))
        .and(header("user-agent", concat!("kairan/", env!("CARGO_PKG_VERSION"))))
        .and(body_json(expected))
        .respond_with(ok(&json!({ "sentMessages": [{ "id": "461230966842064897", "quoteToken": "q" }] })))
        .mount(&city.api)
        .await;
    let token = app::ports::ReplyToken("r-1".to_owned());
    let accepted = city.client.reply(&token, &messages()).await.unwrap();
    assert_eq!(accepted.acceptance, Acceptance::Now);
    assert_eq!(accepted.request_id, Some(id("request-1")));
    assert_eq!(accepted.sent[0].id, "461230966842064897");
    assert!(!city.requests().await[0].headers.contains_key("x-line-retry-key"));
    city.assert_documented().await;
}

#[tokio::test]
async fn push_multicast_and_narrowcast_carry_the_retry_key() {
    let city = City::new().await;
    for (at, status, answer) in [
        ("push", 200, json!({ "sentMessages": [{ "id": "1" }] })),
        ("multicast", 200, json!({})),
        ("narrowcast", 202, json!({})),
    ] {
        let response = ResponseTemplate::new(status).set_body_json(answer);
        Mock::given(method("POST"))
            .and(path(format!("/v2/bot/message/{at}")))
            .and(header("x-line-retry-key", KEY_TEXT))
            .respond_with(response)
            .expect(1)
            .mount(&city.api)
            .await;
    }
    city.client.push(&resident(0), &messages(), KEY).await.unwrap();
    city.client.multicast(&multicast(500).unwrap(), KEY).await.unwrap();
    let recipient = serde_json::value::to_raw_value(&json!({ "type": "audience", "audienceGroupId": 1 })).unwrap();
    let narrowcast = Narrowcast { recipient: Some(recipient), ..Narrowcast::default() };
    city.client.narrowcast(&narrowcast, &messages(), KEY).await.unwrap();
    let multicast: Value = serde_json::from_slice(&city.requests().await[1].body).unwrap();
    assert_eq!(multicast["to"].as_array().unwrap().len(), 500);
    assert_eq!(multicast["to"][499], "U000000000000000000000000000001f3");
    city.assert_documented().await;
}

#[tokio::test]
async fn an_earlier_acceptance_is_an_acceptance_with_the_earlier_id() {
    let city = City::new().await;
    let conflict = ResponseTemplate::new(409)
        .insert_header("x-line-request-id", "request-2")
        .insert_header("x-line-accepted-request-id", "request-1")
        .set_body_json(json!({ "message": "The retry key is already accepted", "sentMessages": [{ "id": "1" }] }));
    city.answers("POST", "/v2/bot/message/push", conflict).await;
    let accepted = city.client.push(&resident(1), &messages(), KEY).await.unwrap();
    assert_eq!(accepted.acceptance, Acceptance::Before { accepted_request_id: Some(id("request-1")) });
    assert_eq!(accepted.request_id, Some(id("request-2")));
    assert_eq!(accepted.delivery_id(), Some(&id("request-1")));
    assert_eq!(accepted.sent[0].id, "1");
}

#[test]
fn a_multicast_has_one_to_500_recipients() {
    for (count, is_taken) in [(0, false), (1, true), (500, true), (501, false)] {
        match multicast(count) {
            Ok(_) => assert!(is_taken, "{count}"),
            Err(error) => assert!(!is_taken && matches!(error, LineError::Unfit(_)), "{count}"),
        }
    }
}

#[test]
fn a_multicast_is_written_byte_for_byte() {
    let ids = [0, 255].map(|number| PackedId::of(&resident(number)));
    let multicast = Multicast::new(&ids, &Messages(r#"[ {"x":1.50} ]"#.to_owned())).unwrap();
    let body = std::str::from_utf8(multicast.as_bytes()).unwrap();
    let (zero, other) = (format!("U{}", "0".repeat(32)), format!("U{}ff", "0".repeat(30)));
    assert_eq!(body, format!(r#"{{"to":["{zero}","{other}"],"messages":[ {{"x":1.50}} ]}}"#));
}

#[tokio::test]
async fn raw_messages_reach_line_byte_for_byte() {
    let city = City::new().await;
    let odd = r#"[ {"type":"text",  "text":"\u4e7e", "sender":{"name":"ごみ"}} ]"#;
    city.answers("POST", "/v2/bot/message/push", ok(&json!({}))).await;
    city.client.push(&resident(1), &MessageArray::parse(odd.to_owned()).unwrap(), KEY).await.unwrap();
    let body = String::from_utf8(city.requests().await[0].body.clone()).unwrap();
    assert!(body.contains(odd), "{body}");
    city.assert_documented().await;
}

#[tokio::test]
async fn a_narrowcast_is_looked_after_by_its_request_id() {
    let city = City::new().await;
    for (asked, phase, expected) in
        [("a b", "sending", Phase::Sending), ("b", "evaporating", Phase::Other("evaporating".to_owned()))]
    {
        let answer = json!({ "phase": phase, "successCount": 5, "acceptedTime": "2026-11-21T10:00:00.000Z" });
        Mock::given(path("/v2/bot/message/progress/narrowcast"))
            .and(query_param("requestId", asked))
            .respond_with(ok(&answer))
            .mount(&city.api)
            .await;
        let progress = city.client.narrowcast_progress(&RequestId(asked.to_owned())).await.unwrap();
        assert_eq!((progress.phase, progress.success_count), (expected, Some(5)));
        assert_eq!(progress.accepted_time.unwrap().to_string(), "2026-11-21T10:00:00Z");
    }
    city.assert_documented().await;
}

#[tokio::test]
async fn messages_can_be_checked_for_every_way_of_sending() {
    let city = City::new().await;
    for purpose in
        [ValidateFor::Reply, ValidateFor::Push, ValidateFor::Multicast, ValidateFor::Narrowcast, ValidateFor::Broadcast]
    {
        let name = format!("{purpose:?}").to_lowercase();
        city.answers("POST", &format!("/v2/bot/message/validate/{name}"), ok(&json!({}))).await;
        city.client.validate(&messages(), purpose).await.unwrap();
    }
    city.assert_documented().await;
}

#[tokio::test]
async fn people_and_the_account_are_read() {
    let city = City::new().await;
    let (known, unknown) = (resident(1), resident(2));
    let profile = json!({ "displayName": "はなこ", "userId": known.as_str(), "language": "ja", "newer": [] });
    city.answers("GET", &format!("/v2/bot/profile/{}", known.as_str()), ok(&profile)).await;
    let info =
        json!({ "userId": "Ubot", "basicId": "@a", "displayName": "町", "chatMode": "bot", "markAsReadMode": "auto" });
    city.answers("GET", "/v2/bot/info", ok(&info)).await;
    city.answers("POST", "/v2/bot/chat/loading/start", ResponseTemplate::new(202).set_body_json(json!({}))).await;
    let found = city.client.profile(&known).await.unwrap().unwrap();
    assert_eq!((found.display_name.as_str(), found.language.as_deref()), ("はなこ", Some("ja")));
    assert_eq!(format!("{found:?}"), "Profile(…)");
    assert_eq!(city.client.profile(&unknown).await.unwrap(), None);
    assert_eq!(city.client.bot_info().await.unwrap().chat_mode, "bot");
    city.client.show_loading(&known, LoadingSeconds::at_least(7)).await.unwrap();
    let loading: Value = serde_json::from_slice(&city.requests().await[3].body).unwrap();
    assert_eq!(loading, json!({ "chatId": known.as_str(), "loadingSeconds": 10 }));
    city.assert_documented().await;
}

#[tokio::test]
async fn followers_are_read_page_by_page() {
    let city = City::new().await;
    let page = |ids: Value, next: Value| ok(&json!({ "userIds": ids, "next": next }));
    Mock::given(path("/v2/bot/followers/ids"))
        .and(query_param("start", "to+ken="))
        .respond_with(page(json!([]), Value::Null))
        .mount(&city.api)
        .await;
    let first = page(json!([resident(1).as_str(), "odd"]), json!("to+ken="));
    city.answers("GET", "/v2/bot/followers/ids", first).await;
    let page = city.client.followers(None).await.unwrap();
    assert_eq!(page, FollowersPage { residents: vec![resident(1)], odd_ids: 1, next: Some("to+ken=".to_owned()) });
    let last = city.client.followers(page.next.as_deref()).await.unwrap();
    assert_eq!(last, FollowersPage { residents: vec![], odd_ids: 0, next: None });
    city.assert_documented().await;
}

#[tokio::test]
async fn both_kinds_of_quota_are_understood() {
    for (answer, expected) in [
        (json!({ "type": "none" }), Some(Quota::Unlimited)),
        (json!({ "type": "limited", "value": 200 }), Some(Quota::Limited(200))),
        (json!({ "type": "limited" }), None),
    ] {
        let city = City::new().await;
        city.answers("GET", "/v2/bot/message/quota", ok(&answer)).await;
        city.answers("GET", "/v2/bot/message/quota/consumption", ok(&json!({ "totalUsage": 7 }))).await;
        assert_eq!(city.client.quota().await.ok(), expected);
        assert_eq!(city.client.quota_consumption().await.unwrap(), 7);
        city.assert_documented().await;
    }
}

#[tokio::test]
async fn the_webhook_endpoint_is_read_set_and_tested() {
    let city = City::new().await;
    let endpoint = "https://abc.lambda-url.ap-northeast-1.on.aws/";
    city.answers("PUT", "/v2/bot/channel/webhook/endpoint", ok(&json!({}))).await;
    let tested = json!({
        "success": false, "timestamp": "2026-11-22T05:38:20.031Z", "statusCode": 503, "reason": "ERROR_STATUS_CODE", "detail": "503",
    });
    city.answers("POST", "/v2/bot/channel/webhook/test", ok(&tested)).await;
    assert_eq!(city.client.webhook_endpoint().await.unwrap(), None, "404: nothing is set");
    city.client.set_webhook_endpoint(endpoint).await.unwrap();
    let set = ok(&json!({ "endpoint": endpoint, "active": true }));
    city.answers("GET", "/v2/bot/channel/webhook/endpoint", set).await;
    let found = WebhookEndpoint { endpoint: endpoint.to_owned(), active: true };
    assert_eq!(city.client.webhook_endpoint().await.unwrap(), Some(found));
    let test = city.client.test_webhook_endpoint(endpoint).await.unwrap();
    let detail = "503".to_owned();
    assert_eq!(test, WebhookTest { success: false, status_code: 503, reason: "ERROR_STATUS_CODE".to_owned(), detail });
    for (at, request) in city.requests().await.iter().enumerate().filter(|(_, request)| !request.body.is_empty()) {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body, json!({ "endpoint": endpoint }), "request {at}");
    }
    city.assert_documented().await;
}

fn menu() -> RichMenu {
    let bounds = Bounds { x: 0, y: 0, width: 1_250, height: 843 };
    RichMenu {
        size: Size { width: 2_500, height: 843 },
        selected: true,
        name: "home".to_owned(),
        chat_bar_text: "メニュー".to_owned(),
        areas: vec![Area { bounds, action: json!({ "type": "postback", "data": "garbage", "label": "ごみ" }) }],
    }
}

#[tokio::test]
async fn rich_menus_are_made_listed_shown_and_deleted() {
    let city = City::new().await;
    let id = MENU.parse().unwrap();
    city.answers("POST", "/v2/bot/richmenu", ok(&json!({ "richMenuId": MENU }))).await;
    let mut stored = serde_json::to_value(menu()).unwrap();
    stored["richMenuId"] = MENU.into();
    city.answers("GET", "/v2/bot/richmenu/list", ok(&json!({ "richmenus": [stored] }))).await;
    city.answers("DELETE", &format!("/v2/bot/richmenu/{MENU}"), ok(&json!({}))).await;
    city.answers("POST", &format!("/v2/bot/user/all/richmenu/{MENU}"), ok(&json!({}))).await;
    city.answers("DELETE", "/v2/bot/user/all/richmenu", ok(&json!({}))).await;
    assert_eq!(city.client.create_rich_menu(&menu()).await.unwrap(), id);
    let listed = city.client.rich_menus().await.unwrap();
    assert_eq!((&listed[0].rich_menu_id, &listed[0].menu), (&id, &menu()));
    city.client.set_default_rich_menu(&id).await.unwrap();
    assert_eq!(city.client.default_rich_menu().await.unwrap(), None);
    city.answers("GET", "/v2/bot/user/all/richmenu", ok(&json!({ "richMenuId": MENU }))).await;
    assert_eq!(city.client.default_rich_menu().await.unwrap(), Some(id.clone()));
    city.client.cancel_default_rich_menu().await.unwrap();
    city.client.delete_rich_menu(&id).await.unwrap();
    city.client.delete_rich_menu(&"richmenu-gone".parse().unwrap()).await.unwrap();
    city.assert_documented().await;
}

#[tokio::test]
async fn a_rich_menus_image_goes_to_the_other_host() {
    let city = City::new().await;
    let id = MENU.parse().unwrap();
    Mock::given(method("POST"))
        .and(path(format!("/v2/bot/richmenu/{MENU}/content")))
        .and(header("content-type", "image/png"))
        .and(body_bytes(b"png".to_vec()))
        .respond_with(ok(&json!({})))
        .expect(1)
        .mount(&city.data)
        .await;
    city.client.upload_rich_menu_image(&id, Bytes::from_static(b"png"), ImageType::Png).await.unwrap();
    let large = Bytes::from(vec![0; 1_024 * 1_024 + 1]);
    let refused = city.client.upload_rich_menu_image(&id, large, ImageType::Jpeg).await;
    assert!(matches!(refused, Err(LineError::Unfit(_))));
    city.assert_documented().await;
}

#[tokio::test]
async fn aliases_and_links_say_who_sees_which_menu() {
    let city = City::new().await;
    let id = MENU.parse().unwrap();
    let alias = Alias { rich_menu_alias_id: "home".parse().unwrap(), rich_menu_id: MENU.parse().unwrap() };
    let user = resident(1);
    city.answers("POST", "/v2/bot/richmenu/alias", ok(&json!({}))).await;
    city.answers("POST", "/v2/bot/richmenu/alias/home", ok(&json!({}))).await;
    city.answers("DELETE", "/v2/bot/richmenu/alias/home", ok(&json!({}))).await;
    city.answers("GET", "/v2/bot/richmenu/alias/list", ok(&json!({ "aliases": [&alias] }))).await;
    city.answers("POST", &format!("/v2/bot/user/{}/richmenu/{MENU}", user.as_str()), ok(&json!({}))).await;
    city.answers("DELETE", &format!("/v2/bot/user/{}/richmenu", user.as_str()), ok(&json!({}))).await;
    city.answers("POST", "/v2/bot/richmenu/bulk/link", ResponseTemplate::new(202)).await;
    city.answers("POST", "/v2/bot/richmenu/bulk/unlink", ResponseTemplate::new(202)).await;
    city.client.create_alias(&alias).await.unwrap();
    city.client.update_alias(&alias).await.unwrap();
    assert_eq!(city.client.aliases().await.unwrap(), [alias]);
    city.client.delete_alias(&"home".parse().unwrap()).await.unwrap();
    city.client.link_rich_menu(&user, &id).await.unwrap();
    city.client.unlink_rich_menu(&user).await.unwrap();
    let many: Vec<_> = (0..501).map(resident).collect();
    city.client.link_rich_menus(&many[..500], &id).await.unwrap();
    city.client.unlink_rich_menus(&many[..500]).await.unwrap();
    assert!(matches!(city.client.link_rich_menus(&many, &id).await, Err(LineError::Unfit(_))));
    assert_eq!(city.requests().await.len(), 8);
    city.assert_documented().await;
}

#[tokio::test]
async fn a_content_streams_from_the_other_host_up_to_its_bound() {
    let city = City::new().await;
    let photo = ResponseTemplate::new(200).set_body_raw(vec![7; 10_000], "image/jpeg");
    Mock::given(path("/v2/bot/message/1/content")).respond_with(photo).mount(&city.data).await;
    let id = "1".parse().unwrap();
    let Content::Ready(mut stream) = city.client.content(&id, 10_000).await.unwrap() else { panic!("not ready") };
    assert_eq!(stream.content_type(), Some("image/jpeg"));
    let mut read = 0;
    while let Some(chunk) = stream.next().await.unwrap() {
        read += chunk.len();
    }
    assert_eq!(read, 10_000);
    assert!(matches!(city.client.content(&id, 9_999).await, Err(LineError::TooLarge(_))));
    city.assert_documented().await;
}

#[tokio::test]
async fn a_content_may_be_late_or_gone_and_a_400_is_worth_another_try() {
    let city = City::new().await;
    for (name, status) in [("late", 202), ("unsent", 410), ("broken", 400), ("forbidden", 403)] {
        let answer = ResponseTemplate::new(status).set_body_json(json!({ "message": "no" }));
        Mock::given(path(format!("/v2/bot/message/{name}/content"))).respond_with(answer).mount(&city.data).await;
    }
    let content = |name: &str| {
        let (client, id) = (city.client.clone(), name.parse().unwrap());
        async move { client.content(&id, 1).await }
    };
    assert!(matches!(content("late").await, Ok(Content::NotReady)));
    assert!(matches!(content("unsent").await, Ok(Content::Gone(Gone::Unsent))));
    assert!(matches!(content("never").await, Ok(Content::Gone(Gone::Missing))));
    assert_eq!(content("broken").await.unwrap_err().kind(), app::error::Kind::Transient);
    assert_eq!(content("forbidden").await.unwrap_err().kind(), app::error::Kind::Permanent);
}
