//! What a form for another system minted, once it was used: it makes one system, also after staff took that system away, so that a page
//! which is loaded again brings nothing back.
//!
//! | what | `PK` | `SK` |
//! | --- | --- | --- |
//! | that a key or a hook was made | `OUTSIDE-USED` | the key's SHA-256 in hex; the hook's id |

use app::error::Error;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Condition, Entity, Key, Step, Write, encode};

const USED: &str = "OUTSIDE-USED";

/// Notes that this was used; the transaction is refused where it was before.
pub(crate) fn used_step(doing: &'static str, id: &str, at: Timestamp) -> Result<Step<'static>, Error> {
    let item = encode(doing, &Key::new(USED, id), &UsedItem { at })?;
    Ok(Step::Put(Write { item, condition: Condition::Absent(Timestamp::MIN) }))
}

#[derive(Serialize, Deserialize)]
struct UsedItem {
    at: Timestamp,
}

impl Entity for UsedItem {
    const KIND: &'static str = "used-outside-id";
    const V: u64 = 1;
}
