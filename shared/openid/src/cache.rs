//! What the issuer publishes, kept for a while: one fetch at a time, and its outcome is everybody's who waited for it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::call::CallError;

/// How long a failed fetch answers for others: those who waited for it do not each wait for one of their own.
const FAILURE_SHARED: SignedDuration = SignedDuration::from_secs(5);

/// A value that is fetched when it is needed and not at hand.
pub struct Cache<T> {
    held: Mutex<Held<T>>,
}

struct Held<T> {
    value: Option<(Arc<T>, Timestamp)>,
    failure: Option<(CallError, Timestamp)>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Cache<T> {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self { held: Mutex::new(Held { value: None, failure: None }) }
    }

    /// The value, at most `max_age` old; `fetch` runs only if the one at hand is older.
    pub async fn get(
        &self,
        now: Timestamp,
        max_age: SignedDuration,
        fetch: impl Future<Output = Result<T, CallError>>,
    ) -> Result<Arc<T>, CallError> {
        // Held while fetching: whoever comes meanwhile waits for this fetch.
        let mut held = self.held.lock().await;
        if let Some((value, at)) = &held.value
            && is_within(max_age, *at, now)
        {
            return Ok(Arc::clone(value));
        }
        if let Some((failure, at)) = &held.failure
            && is_within(FAILURE_SHARED, *at, now)
        {
            return Err(failure.clone());
        }
        match fetch.await {
            Ok(value) => {
                let value = Arc::new(value);
                *held = Held { value: Some((Arc::clone(&value), now)), failure: None };
                Ok(value)
            }
            Err(failure) => {
                held.failure = Some((failure.clone(), now));
                Err(failure)
            }
        }
    }
}

/// Whether two instants lie less than `span` apart. Either may be the later: one who waited asks with an older `now`.
fn is_within(span: SignedDuration, at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() < span
}
