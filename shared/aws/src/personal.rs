//! What is kept about one resident, in the table, found by their id alone: the items of [`crate::conversations`], [`crate::unfollows`] and
//! [`crate::reports`]. Events hold no resident, and end after three weeks; nor do the questions that nothing answered.

use std::sync::Arc;

use app::error::{Error, Kind};
use app::ports::Clock;
use app::ports::personal::{Personal, PersonalData};
use app::ports::staff::Written;
use app::ports::unfollows::Unfollow;
use async_trait::async_trait;
use domain::ids::ResidentId;

use crate::conversations::{chat_key, read_chat, read_resident, resident_key};
use crate::reports::reporter_partition;
use crate::table::{Key, STEPS_MAX, Step, Table};
use crate::unfollows::unfollow_key;

const READING: &str = "read what is kept about a resident";
const ERASING: &str = "erase a resident";

/// [`PersonalData`] in the table.
pub struct TablePersonal {
    table: Table,
    clock: Arc<dyn Clock>,
}

impl TablePersonal {
    /// Kept in this table.
    #[must_use]
    pub fn new(table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { table, clock }
    }
}

#[async_trait]
impl PersonalData for TablePersonal {
    async fn of(&self, resident: &ResidentId) -> Result<Personal, Error> {
        let keys = [resident_key(resident), chat_key(resident)];
        let [known, chat] = self.table.get_each(READING, keys).await?;
        let now = self.clock.now();
        let resident = read_resident(READING, known, resident, now)?.map(|read| read.value);
        Ok(Personal { resident, conversation: read_chat(READING, chat, now)?.map(|read| read.value) })
    }

    async fn erase(&self, resident: &ResidentId, left: &[Unfollow]) -> Result<(), Error> {
        let found = self.table.partition(ERASING, &reporter_partition(resident)).await?;
        let found = found.iter().filter_map(Key::of);
        let facts = left.iter().map(unfollow_key);
        // The resident goes last.
        let own = [chat_key(resident), resident_key(resident)];
        let steps: Vec<Step<'static>> = found.chain(facts).chain(own).map(Step::Remove).collect();
        for some in steps.chunks(STEPS_MAX) {
            if self.table.write(ERASING, some.to_vec()).await? == Written::Raced {
                return Err(Error::new(Kind::Transient, ERASING, "others were writing the same items"));
            }
        }
        Ok(())
    }
}
