//! From the start of a function's process to its first answer, as Lambda would see it, and the memory it took until then.

use std::error::Error;

use serde_json::{Value, json};

use crate::aws::Queue;
use crate::bodies::{Signed, signed};
use crate::function::{Function, StandIn};

/// Starts the function and waits for its answer.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn measure(command: &[String]) -> Result<Value, Box<dyn Error>> {
    let queue = Queue::default();
    let stand_in = StandIn::start(queue.router()).await?;
    let environment = [
        ("LINE_SECRET_ID", "line".to_owned()),
        ("INBOX_QUEUE_URL", format!("http://{}/000000000000/inbox.fifo", stand_in.address)),
    ];
    let mut function = Function::start(stand_in, command, &environment)?;
    let (at, answer) = function.answer_to(event(&signed(1)?)).await?;
    let began = function.began;
    let peak = function.end().await?;
    queue.check(&answer)?;
    Ok(json!({ "ms": (at - began).as_secs_f64() * 1_000.0, "peakKb": peak }))
}

/// The webhook as a function URL hands it on.
fn event(webhook: &Signed) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "",
        "headers": {
            "content-type": "application/json; charset=utf-8", "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": webhook.signature, "content-length": webhook.body.len().to_string(),
        },
        "requestContext": {
            "accountId": "anonymous", "apiId": "abcdefghij", "domainName": "abcdefghij.lambda-url.ap-northeast-1.on.aws",
            "domainPrefix": "abcdefghij", "requestId": "8f6d6a3e-0000-4000-8000-000000000001", "routeKey": "$default",
            "stage": "$default", "time": "01/Apr/2026:00:00:00 +0000", "timeEpoch": 1_775_001_600_000_u64,
            "http": {
                "method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "147.92.150.193",
                "userAgent": "LineBotWebhook/2.0",
            },
        },
        "body": webhook.body, "isBase64Encoded": false,
    })
}
