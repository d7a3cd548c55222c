//! Events per second on one core: what `webhook` does between the request and the queue.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use line::webhook::receive;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use crate::CHANNEL_SECRET;
use crate::bodies::{SIZES, Signed, read};

/// So many rounds are measured; the benchmarks in other languages do the same.
const ROUNDS: usize = 3;
/// A round lasts at least so long.
const ROUND: Duration = Duration::from_millis(300);

/// Events per second of each round, for each size of body.
pub(crate) fn measure(folder: &Path) -> Result<Value, Box<dyn Error>> {
    let mut figures = Map::new();
    for size in SIZES {
        let webhook = read(folder, size)?;
        // The first round warms up.
        round(&webhook, size)?;
        let rounds = (0..ROUNDS).map(|_| round(&webhook, size)).collect::<Result<Vec<_>, _>>()?;
        figures.insert(size.to_string(), json!(rounds));
    }
    Ok(Value::Object(figures))
}

/// Takes the same webhook again and again; gives events per second.
fn round(webhook: &Signed, size: usize) -> Result<f64, Box<dyn Error>> {
    let secret = SecretString::from(CHANNEL_SECRET);
    let now = Timestamp::UNIX_EPOCH;
    let began = Instant::now();
    let mut taken: u32 = 0;
    while began.elapsed() < ROUND {
        let letters = receive(black_box(webhook.body.as_bytes()), Some(&webhook.signature), &secret, now)?;
        if black_box(letters).len() != size {
            return Err("an event was lost".into());
        }
        taken += 1;
    }
    Ok(f64::from(taken) * f64::from(u32::try_from(size)?) / began.elapsed().as_secs_f64())
}
