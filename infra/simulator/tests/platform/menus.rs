//! Rich menus, aliases, and who sees what.

use reqwest::Method;
use serde_json::{Value, json};

use crate::city::{Answer, City};

fn menu(name: &str) -> Value {
    json!({
        "size": { "width": 2500, "height": 1686 }, "selected": true, "name": name, "chatBarText": "メニュー",
        "areas": [{
            "bounds": { "x": 0, "y": 0, "width": 1250, "height": 1686 },
            "action": { "type": "richmenuswitch", "richMenuAliasId": "second", "data": "tab=2" },
        }],
    })
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png
}

async fn upload(city: &City, id: &str, content_type: &str, bytes: Vec<u8>) -> u16 {
    let request = city.http.post(city.data_url(&format!("/v2/bot/richmenu/{id}/content"))).bearer_auth(&city.token);
    request.header("content-type", content_type).body(bytes).send().await.unwrap().status().as_u16()
}

async fn create(city: &City, name: &str) -> String {
    let created = city.post("/v2/bot/richmenu", menu(name)).await;
    assert_eq!(created.status, 200, "{}", created.body);
    let id = created.body["richMenuId"].as_str().unwrap().to_owned();
    assert_eq!(upload(city, &id, "image/png", png(2500, 1686)).await, 200);
    id
}

async fn delete(city: &City, path: &str) -> Answer {
    city.call(Method::DELETE, path, &Value::Null).await
}

#[tokio::test]
async fn images_are_checked_and_cannot_be_replaced() {
    let city = City::start().await;
    let created = city.post("/v2/bot/richmenu", menu("one")).await;
    let id = created.body["richMenuId"].as_str().unwrap();
    let refused = city.post(&format!("/v2/bot/user/all/richmenu/{id}"), Value::Null).await;
    assert_eq!((refused.status, refused.message()), (400, "must upload richmenu image before applying it to user"));
    assert_eq!(upload(&city, id, "image/gif", png(2500, 1686)).await, 415);
    assert_eq!(upload(&city, id, "image/png", b"GIF89a".to_vec()).await, 400);
    assert_eq!(upload(&city, id, "image/png", png(2500, 843)).await, 400);
    let mut large = png(2500, 1686);
    large.resize(1024 * 1024 + 1, 0);
    assert_eq!(upload(&city, id, "image/png", large).await, 413);
    assert_eq!(upload(&city, "richmenu-none", "image/png", png(2500, 1686)).await, 404);
    assert_eq!(upload(&city, id, "image/png", png(2500, 1686)).await, 200);
    assert_eq!(upload(&city, id, "image/png", png(2500, 1686)).await, 400);
    let path = format!("/v2/bot/richmenu/{id}/content");
    let image = city.http.get(city.data_url(&path)).bearer_auth(&city.token).send().await.unwrap();
    assert_eq!(image.bytes().await.unwrap().to_vec(), png(2500, 1686));
}

#[tokio::test]
async fn a_users_menu_goes_before_the_default() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let seen = || async { city.ask(&format!("/simulator/residents/{resident}/menu")).await };
    assert_eq!(seen().await, json!({ "richMenu": null, "imageUrl": null }));
    let (all, own) = (create(&city, "all").await, create(&city, "own").await);
    assert_eq!(city.get("/v2/bot/user/all/richmenu").await.status, 404);
    assert_eq!(city.post(&format!("/v2/bot/user/all/richmenu/{all}"), Value::Null).await.status, 200);
    assert_eq!(city.get("/v2/bot/user/all/richmenu").await.body, json!({ "richMenuId": all }));
    let shown = seen().await;
    assert_eq!((&shown["richMenu"]["richMenuId"], &shown["richMenu"]["name"]), (&json!(all), &json!("all")));
    assert_eq!(city.get(shown["imageUrl"].as_str().unwrap()).await.status, 200);

    let of_user = format!("/v2/bot/user/{resident}/richmenu");
    assert_eq!(city.get(&of_user).await.status, 404);
    assert_eq!(city.post(&format!("{of_user}/{own}"), Value::Null).await.status, 200);
    assert_eq!(city.get(&of_user).await.body, json!({ "richMenuId": own }));
    assert_eq!(seen().await["richMenu"]["name"], "own");
    assert_eq!(delete(&city, &of_user).await.status, 200);
    assert_eq!(seen().await["richMenu"]["name"], "all");

    let bulk = json!({ "richMenuId": own, "userIds": [resident] });
    assert_eq!(city.post("/v2/bot/richmenu/bulk/link", bulk).await.status, 202);
    assert_eq!(seen().await["richMenu"]["name"], "own");
    assert_eq!(city.post("/v2/bot/richmenu/bulk/unlink", json!({ "userIds": [resident] })).await.status, 202);
    assert_eq!(city.post("/v2/bot/richmenu/bulk/unlink", json!({ "userIds": ["U1"] })).await.status, 400);
    assert_eq!(delete(&city, &format!("/v2/bot/richmenu/{all}")).await.status, 200);
    assert_eq!(seen().await["richMenu"], Value::Null);
    assert_eq!(city.get("/v2/bot/richmenu/list").await.body["richmenus"].as_array().unwrap().len(), 1);
    assert_eq!(city.get(&format!("/v2/bot/richmenu/{all}")).await.message(), "richmenu not found");
}

#[tokio::test]
async fn aliases_lead_to_menus_and_a_tap_switches() {
    let city = City::start().await;
    let resident = city.residents(1).await.remove(0);
    let (first, second) = (create(&city, "first").await, create(&city, "second").await);
    city.post(&format!("/v2/bot/user/all/richmenu/{first}"), Value::Null).await;
    let alias = json!({ "richMenuAliasId": "second", "richMenuId": second });
    assert_eq!(city.post("/v2/bot/richmenu/alias", alias.clone()).await.status, 200);
    let again = city.post("/v2/bot/richmenu/alias", alias.clone()).await;
    assert_eq!((again.status, again.message()), (400, "conflict richmenu alias id"));
    let bad = json!({ "richMenuAliasId": "Second!", "richMenuId": second });
    assert_eq!(city.post("/v2/bot/richmenu/alias", bad).await.status, 400);
    assert_eq!(city.get("/v2/bot/richmenu/alias/second").await.body, alias);
    assert_eq!(city.get("/v2/bot/richmenu/alias/list").await.body, json!({ "aliases": [alias] }));

    let path = format!("/simulator/residents/{resident}/menu");
    let tapped = city.admin(Method::POST, &path, json!({ "richMenuAliasId": "second" })).await;
    assert_eq!(tapped["menu"]["richMenu"]["name"], "second");
    let postback = json!({ "data": "tab=2", "params": { "newRichMenuAliasId": "second", "status": "SUCCESS" } });
    assert_eq!(city.hook.bodies()[0]["events"][0]["postback"], postback);
    let missing = city.admin(Method::POST, &path, json!({ "richMenuAliasId": "third" })).await;
    assert_eq!(missing["menu"]["richMenu"]["name"], "second");
    let status = city.hook.bodies()[1]["events"][0]["postback"]["params"]["status"].clone();
    assert_eq!(status, "RICHMENU_ALIAS_ID_NOTFOUND");

    let update = json!({ "richMenuId": first });
    assert_eq!(city.post("/v2/bot/richmenu/alias/second", update).await.status, 200);
    assert_eq!(city.get("/v2/bot/richmenu/alias/second").await.body["richMenuId"], json!(first));
    assert_eq!(delete(&city, "/v2/bot/richmenu/alias/second").await.status, 200);
    assert_eq!(delete(&city, "/v2/bot/richmenu/alias/second").await.status, 404);
}

#[tokio::test]
async fn menus_are_validated_and_made_at_most_a_hundred_an_hour() {
    let city = City::start().await;
    assert_eq!(city.post("/v2/bot/richmenu/validate", menu("fine")).await.status, 200);
    let mut wrong = menu("wrong");
    wrong["chatBarText"] = json!("十五文字を超える長いメニュー名です");
    wrong["size"] = json!({ "width": 1000, "height": 700 });
    wrong["areas"][0]["bounds"]["width"] = json!(1_001);
    let refused = city.post("/v2/bot/richmenu/validate", wrong).await;
    let places: Vec<_> = refused.body["details"].as_array().unwrap().iter().map(|d| d["property"].clone()).collect();
    assert_eq!(places, ["size", "chatBarText", "areas[0].bounds"]);
    city.admin(Method::PUT, "/simulator/limits", json!({ "richMenuCreatePerHour": 2 })).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(city.post("/v2/bot/richmenu", menu("many")).await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
}
