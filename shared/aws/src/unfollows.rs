//! Who blocked the account when, in the table. Written by [`crate::conversations`] in the transaction that handles the event.
//!
//! | what | `PK` | `SK` | ends |
//! | --- | --- | --- | --- |
//! | that somebody blocked the account | `UNFOLLOWS#<date in Japan>` | `<time>#U4af4…` | with the resident, but [`KEPT_AT_LEAST`] to [`KEPT`] after it happened |
//!
//! A partition takes 1,000 writes a second. If one in a hundred of two million residents left within an hour of a broadcast, that
//! were six a second: a day is not too much for one, and 24 hours are read from two.

use std::ops::Range;

use app::error::Error;
use app::ports::unfollows::{KEPT, KEPT_AT_LEAST, PAGE, Unfollow, Unfollows};
use async_trait::async_trait;
use domain::ids::ResidentId;
use domain::time::{date_in_japan, instant_in_japan};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::table::{Along, Condition, Entity, Key, Table, Write, decode, encode};

const READING: &str = "read who blocked the account";

/// [`Unfollows`] in the table.
pub struct TableUnfollows {
    table: Table,
}

impl TableUnfollows {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self { table }
    }
}

#[async_trait]
impl Unfollows for TableUnfollows {
    async fn some(&self, within: &Range<Timestamp>, after: Option<&Unfollow>) -> Result<Vec<Unfollow>, Error> {
        let begin = after.map_or(within.start, |after| after.at);
        let mut place = after.map_or_else(|| moment(begin), place_of);
        let (mut day, last) = (date_in_japan(begin), date_in_japan(within.end));
        let mut found = Vec::new();
        while day <= last && found.len() < PAGE {
            let items = self.table.some(READING, &partition(day), Along::After(&place), PAGE - found.len()).await?;
            for item in items {
                // What should have been removed by now is as good as the rest: the fact is the same.
                let unfollow = decode::<UnfollowItem>(READING, Some(item), Timestamp::MIN)?;
                found.extend(unfollow.map(|item| Unfollow { at: item.at, resident: item.resident }));
            }
            let Ok(next) = day.tomorrow() else { break };
            (day, place) = (next, moment(instant_in_japan(next.to_datetime(Time::midnight()))));
        }
        found.retain(|unfollow| within.contains(&unfollow.at));
        Ok(found)
    }
}

/// The writing of a fact about somebody who is erased at a time, if the town erases them. The same again is the same item.
pub(crate) fn note_unfollow(
    doing: &'static str,
    unfollow: &Unfollow,
    erase_at: Option<Timestamp>,
) -> Result<Write, Error> {
    let Unfollow { at, resident } = unfollow.clone();
    let key = unfollow_key(unfollow);
    let [least, most] = [KEPT_AT_LEAST, KEPT].map(|kept| at.saturating_add(kept).unwrap_or(Timestamp::MAX));
    let expires = erase_at.unwrap_or(most).clamp(least, most).as_second();
    let item = encode(doing, &key, &UnfollowItem { at, resident, expires })?;
    Ok(Write { item, condition: Condition::None })
}

/// Where a fact is.
pub(crate) fn unfollow_key(unfollow: &Unfollow) -> Key {
    Key::new(partition(date_in_japan(unfollow.at)), place_of(unfollow))
}

fn partition(day: Date) -> String {
    format!("UNFOLLOWS#{day}")
}

fn place_of(unfollow: &Unfollow) -> String {
    format!("{}#{}", moment(unfollow.at), unfollow.resident.as_str())
}

/// Milliseconds at a fixed width, so that the text sorts as the time does.
fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[derive(Serialize, Deserialize)]
struct UnfollowItem {
    at: Timestamp,
    resident: ResidentId,
    expires: i64,
}

impl Entity for UnfollowItem {
    const KIND: &'static str = "unfollow";
    const V: u64 = 1;
}
