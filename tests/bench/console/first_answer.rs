//! From the start of the console's process to its first answer, before it has asked AWS for anything.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws::environment::ConsoleEnvironment;
use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::function::{Function, StandIn};
use crate::request;

/// Starts the function and asks for the style sheet, for which it needs nobody.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn measure(command: &[String]) -> Result<Value, Box<dyn Error>> {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let aws = Router::new().fallback(async move || {
        counted.fetch_add(1, Ordering::Relaxed);
        StatusCode::BAD_REQUEST
    });
    let stand_in = StandIn::start(aws).await?;
    let nowhere = format!("http://{}", stand_in.address);
    // Everything that must be said, the same of everything but of what has words of its own.
    let said = |name: &&'static str| match *name {
        "STAFF_EMAIL_TRUST" => (*name, "verified".to_owned()),
        _ => (*name, nowhere.clone()),
    };
    let environment: Vec<_> = ConsoleEnvironment::REQUIRED.iter().map(said).collect();
    let mut function = Function::start(stand_in, command, &environment)?;
    let (at, answer) = function.answer_to(request::get(console::assets::stylesheet(), None)).await?;
    let began = function.began;
    let peak = function.end().await?;
    let answer: Value = serde_json::from_slice(&answer)?;
    if answer["statusCode"] != 200 || calls.load(Ordering::Relaxed) != 0 {
        return Err(format!("{} and {} calls of AWS", answer["statusCode"], calls.load(Ordering::Relaxed)).into());
    }
    Ok(json!({ "ms": (at - began).as_secs_f64() * 1_000.0, "peakKb": peak }))
}
