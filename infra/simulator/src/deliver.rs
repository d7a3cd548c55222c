//! Sends webhooks as LINE does: signed, within two seconds, again when they fail, many at once but not too many.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{StatusCode, header::CONTENT_TYPE};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    Shared,
    answer::{Answer, Call},
    clock::rfc3339,
    events::Outgoing,
    faults::{Fault, Kind},
    journal::Webhook,
};

/// How the first delivery of a webhook went.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    status: Option<u16>,
    attempts: u32,
    error: Option<String>,
    /// It will be delivered again.
    redelivering: bool,
}

impl Outcome {
    pub(crate) fn json(&self) -> Value {
        let mut shown = json!({ "status": self.status, "attempts": self.attempts, "redelivering": self.redelivering });
        if let Some(error) = &self.error {
            shown["error"] = json!(error);
        }
        shown
    }

    fn is_ok(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// Delivers the events in one body. The answer tells of the first attempt; redeliveries go on by themselves.
pub(crate) async fn deliver(platform: &Shared, events: Vec<Outgoing>) -> Outcome {
    let fault = fault_now(platform);
    if let Some(Fault { kind: Kind::ReorderWebhook, ms }) = fault {
        let _ = tokio::time::timeout(Duration::from_millis(ms), platform.webhook_sent.notified()).await;
    }
    let events = Arc::new(events);
    if matches!(fault, Some(Fault { kind: Kind::DuplicateWebhook, .. })) {
        let (platform, events) = (Arc::clone(platform), Arc::clone(&events));
        tokio::spawn(async move { attempt(&platform, &events, false, None).await });
    }
    let mut outcome = attempt(platform, &events, false, fault).await;
    platform.webhook_sent.notify_waiters();
    let redeliveries = platform.world().limits.redeliveries;
    if !outcome.is_ok() && outcome.attempts > 0 && redeliveries > 0 {
        outcome.redelivering = true;
        tokio::spawn(redeliver(Arc::clone(platform), events, redeliveries));
    }
    outcome
}

fn fault_now(platform: &Shared) -> Option<Fault> {
    let mut world = platform.world();
    let now_ms = world.clock.now();
    world.faults.for_webhook(now_ms)
}

async fn redeliver(platform: Shared, events: Arc<Vec<Outgoing>>, times: u32) {
    let (mut due_ms, mut pause_ms, growth) = {
        let world = platform.world();
        (world.clock.now(), world.limits.redelivery_delay_ms, world.limits.redelivery_growth)
    };
    for _ in 0..times {
        due_ms = due_ms.saturating_add(pause_ms);
        pause_ms = pause_ms.saturating_mul(growth);
        platform.sleep_until(due_ms).await;
        let fault = fault_now(&platform);
        if attempt(&platform, &events, true, fault).await.is_ok() {
            return;
        }
    }
}

/// One request to the webhook.
async fn attempt(platform: &Shared, events: &[Outgoing], again: bool, fault: Option<Fault>) -> Outcome {
    // The semaphore is never closed.
    let _place = platform.webhook_slots.acquire().await;
    let (url, body, signature, limit) = {
        let mut world = platform.world();
        let Some(url) = world.config.webhook.clone() else {
            return Outcome { error: Some("no webhook is configured".to_owned()), ..Outcome::default() };
        };
        let now_ms = world.clock.now();
        for token in events.iter().filter_map(|event| event.reply_token.as_deref()) {
            world.reply_tokens.delivered(token, now_ms);
        }
        let body = body(&world.config.bot_user_id, events, again);
        let signature = signature(&world.config.channel_secret, body.as_bytes());
        (url, body, signature, Duration::from_millis(world.limits.webhook_timeout_ms))
    };
    let began = Instant::now();
    let dropped = matches!(fault, Some(Fault { kind: Kind::DropWebhook, .. }));
    let (status, error) =
        if dropped { (None, Some("dropped")) } else { send(&platform.http, &url, &body, &signature, limit).await };
    let mut world = platform.world();
    let at = world.clock.now();
    world.journal.webhook(Webhook {
        at,
        body: body.into(),
        status,
        error: error.map(str::to_owned),
        ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        redelivery: again,
    });
    Outcome { status, attempts: 1, error: error.map(str::to_owned), redelivering: false }
}

async fn send(
    http: &reqwest::Client,
    url: &str,
    body: &str,
    signature: &str,
    limit: Duration,
) -> (Option<u16>, Option<&'static str>) {
    let request = http
        .post(url)
        .header(CONTENT_TYPE, "application/json; charset=utf-8")
        .header("x-line-signature", signature)
        .timeout(limit)
        .body(body.to_owned());
    match request.send().await {
        Ok(response) => (Some(response.status().as_u16()), None),
        Err(error) if error.is_timeout() => (None, Some("timeout")),
        Err(error) if error.is_connect() => (None, Some("connect")),
        Err(_) => (None, Some("unclassified")),
    }
}

fn body(destination: &str, events: &[Outgoing], again: bool) -> String {
    let events: Vec<Value> = events
        .iter()
        .map(|outgoing| {
            let mut event = outgoing.event.clone();
            if again && event["deliveryContext"].is_object() {
                event["deliveryContext"]["isRedelivery"] = json!(true);
            }
            event
        })
        .collect();
    json!({ "destination": destination, "events": events }).to_string()
}

/// `x-line-signature` for these bytes.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            STANDARD.encode(mac.finalize().into_bytes())
        }
        // HMAC takes keys of any length.
        Err(_) => String::new(),
    }
}

/// `POST /v2/bot/channel/webhook/test`: an empty webhook, and how it went.
pub(crate) async fn test(platform: &Shared, call: &Call) -> Answer {
    let given: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let (url, body, signature, limit) = {
        let world = platform.world();
        let Some(url) = given["endpoint"].as_str().map(str::to_owned).or_else(|| world.config.webhook.clone()) else {
            return Answer::error(StatusCode::NOT_FOUND, "Webhook endpoint not found");
        };
        let body = body(&world.config.bot_user_id, &[], false);
        let signature = signature(&world.config.channel_secret, body.as_bytes());
        (url, body, signature, Duration::from_millis(world.limits.webhook_timeout_ms))
    };
    let (status, error) = send(&platform.http, &url, &body, &signature, limit).await;
    let success = status == Some(200);
    let reason = match (status, error) {
        (Some(200), _) => "OK",
        (Some(_), _) => "ERROR_STATUS_CODE",
        (None, Some("timeout")) => "REQUEST_TIMEOUT",
        (None, Some("connect")) => "COULD_NOT_CONNECT",
        _ => "UNCLASSIFIED",
    };
    let detail = status.map_or_else(|| error.unwrap_or_default().to_owned(), |status| status.to_string());
    Answer::ok(&json!({
        "success": success, "timestamp": rfc3339(call.now_ms), "statusCode": status.unwrap_or(0), "reason": reason,
        "detail": detail,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_line() {
        // A vector of LINE's own documentation.
        let body = r#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
        assert_eq!(
            signature("8c570fa6dd201bb328f1c1eac23a96d8", body.as_bytes()),
            "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
        );
    }
}
