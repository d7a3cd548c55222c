//! Bodies of messages in the queues of our own work: JSON with its shape in `v`.

use app::error::{Error, Kind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const WRITING: &str = "write a message for a queue";
const OPENING: &str = "understand a message of the queue";

/// The shape of the bodies: raised when an older program could not read them.
const V: u64 = 1;

/// Writes a body.
pub(crate) fn write<T: Serialize>(job: &T) -> Result<String, Error> {
    serde_json::to_string(&Shaped { v: V, job }).map_err(|error| Error::new(Kind::Permanent, WRITING, error))
}

/// Reads a body.
pub(crate) fn open<T: DeserializeOwned>(body: &str) -> Result<T, Error> {
    let invalid = |error| Error::new(Kind::Permanent, OPENING, error);
    let Shape { v } = serde_json::from_str(body).map_err(invalid)?;
    if v != V {
        return Err(Error::new(Kind::Permanent, OPENING, format!("it has the shape {v}, and this program knows {V}")));
    }
    serde_json::from_str(body).map_err(invalid)
}

#[derive(Deserialize)]
struct Shape {
    v: u64,
}

#[derive(Serialize)]
struct Shaped<'a, T> {
    v: u64,
    #[serde(flatten)]
    job: &'a T,
}
