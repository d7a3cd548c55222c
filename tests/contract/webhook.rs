//! The deployed webhook on bad days: forged, truncated, too large, empty; and a poison message in the queue.

use aws::dead_letters::WHY;
use aws_sdk_sqs::types::MessageSystemAttributeName;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::place::{PATIENCE, Place, Simulator, somebody};

fn sign(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(Place::channel_secret().as_bytes()).unwrap();
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

async fn status(header: &str, signature: Option<String>, body: Vec<u8>) -> u16 {
    let http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
    let mut request = http.post(Place::running().webhook).body(body);
    if let Some(signature) = signature {
        request = request.header(header, signature);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn only_what_line_signed_is_taken() {
    let body = br#"{"destination":"U0","events":[]}"#.to_vec();
    assert_eq!(status("x-line-signature", Some(sign(&body)), body.clone()).await, 200);
    assert_eq!(status("X-Line-Signature", Some(sign(&body)), body.clone()).await, 200);
    assert_eq!(status("x-line-signature", None, body.clone()).await, 401);
    assert_eq!(status("x-line-signature", Some(sign(b"another body")), body.clone()).await, 401);
    assert_eq!(status("x-line-signature", Some(sign(&body)), body[..body.len() - 1].to_vec()).await, 401);
    assert_eq!(status("x-line-signature", Some("not base64!".to_owned()), body).await, 401);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let body = vec![b' '; 1024 * 1024 + 1];
    assert_eq!(status("x-line-signature", Some(sign(&body)), body).await, 413);
}

/// What every poison message of these tests begins with.
const POISON: &str = "this is not a letter:";

#[tokio::test]
async fn a_poison_message_goes_to_the_dead_letter_queue_at_once_and_alone() {
    let place = Place::running();
    let queues = aws_sdk_sqs::Client::new(&place.config().await);
    let group = format!("poison-{}", std::process::id());
    queues
        .send_message()
        .queue_url(&place.queue)
        .message_body(format!("{POISON} {group}"))
        .message_group_id(&group)
        .message_deduplication_id(&group)
        .send()
        .await
        .unwrap();

    // Meanwhile others are answered.
    let simulator = Simulator::of(&place);
    let resident = somebody("beside-poison");
    simulator.play(&resident, serde_json::json!({ "type": "follow" })).await;
    simulator.hears(&resident, &["地区を選ぶ"]).await;

    // No second delivery is waited for: the function itself puts it there, and says why.
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let received = queues
            .receive_message()
            .queue_url(&place.dead_letter_queue)
            .max_number_of_messages(10)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId)
            .wait_time_seconds(5)
            .send()
            .await
            .unwrap();
        let bodies: Vec<&str> = received.messages().iter().filter_map(|message| message.body()).collect();
        assert!(bodies.iter().all(|body| body.starts_with(POISON)), "a letter of somebody else: {bodies:?}");
        let ours = received.messages().iter().find(|message| message.body().is_some_and(|body| body.ends_with(&group)));
        if let Some(ours) = ours {
            let why = ours.message_attributes().and_then(|attributes| attributes.get(WHY)?.string_value());
            let kept =
                ours.attributes().and_then(|attributes| attributes.get(&MessageSystemAttributeName::MessageGroupId));
            assert_eq!((why, kept), (Some("open-a-letter"), Some(&group)));
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "the message never came to the dead-letter queue");
    }
}
