//! Conditional writes, and what becomes of them.

use app::error::{Error, Kind};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, Put, TransactWriteItem, WriteRequest};
use jiff::Timestamp;

use super::{Item, Key, Table, number};
use crate::failure::{ROUNDS_MAX, failed, kind_of_code, pause_before};

/// DynamoDB takes at most this many writes in one batch.
pub(crate) const BATCH_WRITES_MAX: usize = 25;

const CONDITION_FAILED: &str = "ConditionalCheckFailed";

/// What must hold for an item to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition {
    /// Nothing.
    None,
    /// There is no such item, or it has expired.
    Absent(Timestamp),
    /// It has this `version`.
    Version(u64),
}

/// What became of a conditional write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happened {
    /// Written.
    Written,
    /// A condition did not hold; nothing was written.
    ConditionFailed,
}

/// An item to be written in a transaction.
pub(crate) struct Write {
    pub(crate) item: Item,
    pub(crate) condition: Condition,
}

/// A change of some attributes of one item. Names stand as `#name` in the expressions, values as `:name`.
pub(crate) struct Update<'a> {
    pub(crate) expression: &'a str,
    pub(crate) condition: &'a str,
    pub(crate) names: &'a [&'a str],
    pub(crate) values: Vec<(&'a str, AttributeValue)>,
}

impl Table {
    /// Writes all items, or none.
    ///
    /// The SDK's own retry after a lost answer carries the same token, so DynamoDB does not take it for a second one.
    pub(crate) async fn transact(&self, doing: &'static str, writes: Vec<Write>) -> Result<Happened, Error> {
        let puts = writes.into_iter().map(|write| self.put(doing, write)).collect::<Result<Vec<_>, _>>()?;
        let Err(error) = self.client.transact_write_items().set_transact_items(Some(puts)).send().await else {
            return Ok(Happened::Written);
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(failed(doing, error));
        };
        match why_cancelled(cancelled.cancellation_reasons()) {
            None => Ok(Happened::ConditionFailed),
            Some(kind) => Err(Error::new(kind, doing, error)),
        }
    }

    fn put(&self, doing: &'static str, write: Write) -> Result<TransactWriteItem, Error> {
        let put = Put::builder().table_name(&self.name).set_item(Some(write.item));
        let put = match write.condition {
            Condition::None => put,
            Condition::Absent(now) => put
                .condition_expression("attribute_not_exists(PK) OR #expires <= :now")
                .expression_attribute_names("#expires", "expires")
                .expression_attribute_values(":now", number(now.as_second())),
            Condition::Version(version) => put
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", number(version)),
        };
        let put = put.build().map_err(|error| Error::new(Kind::Permanent, doing, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Changes some attributes of one item.
    pub(crate) async fn update(&self, doing: &'static str, key: &Key, update: Update<'_>) -> Result<Happened, Error> {
        let mut call = self.client.update_item().table_name(&self.name).set_key(Some(key.attributes()));
        call = call.update_expression(update.expression).condition_expression(update.condition);
        for name in update.names {
            call = call.expression_attribute_names(format!("#{name}"), *name);
        }
        for (name, value) in update.values {
            call = call.expression_attribute_values(format!(":{name}"), value);
        }
        match call.send().await {
            Ok(_) => Ok(Happened::Written),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(Happened::ConditionFailed),
                Some(_) | None => Err(failed(doing, error)),
            },
        }
    }

    /// Writes up to [`BATCH_WRITES_MAX`] items of different keys, in no particular order, each by itself.
    pub(crate) async fn write_batch(&self, doing: &'static str, mut writes: Vec<WriteRequest>) -> Result<(), Error> {
        for round in 0..ROUNDS_MAX {
            if round > 0 {
                tokio::time::sleep(pause_before(round)).await;
            }
            let call = self.client.batch_write_item().request_items(&self.name, writes);
            let mut answer = call.send().await.map_err(|error| failed(doing, error))?;
            let left = answer.unprocessed_items.as_mut().and_then(|tables| tables.remove(&self.name));
            writes = left.unwrap_or_default();
            if writes.is_empty() {
                return Ok(());
            }
        }
        Err(Error::new(Kind::Throttled, doing, "the table left items unwritten again and again"))
    }
}

/// Why a transaction was cancelled: `None` for a condition that did not hold, else whether to try again.
///
/// A failed condition outweighs everything else, because then the same again fails again. Of the others the gravest counts.
fn why_cancelled(reasons: &[CancellationReason]) -> Option<Kind> {
    let codes = || reasons.iter().filter_map(CancellationReason::code).filter(|code| *code != "None");
    if codes().any(|code| code == CONDITION_FAILED) {
        return None;
    }
    let kinds: Vec<_> = codes().map(|code| kind_of_code(code, 0)).collect();
    let gravest = [Kind::Permanent, Kind::Throttled].into_iter().find(|kind| kinds.contains(kind));
    Some(gravest.unwrap_or(Kind::Transient))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reasons_of_a_cancelled_transaction_say_what_to_do() {
        for (codes, expected) in [
            (&["ConditionalCheckFailed", "None"][..], None),
            (&["None", "ConditionalCheckFailed"], None),
            (&["TransactionConflict", "ConditionalCheckFailed"], None),
            (&["ValidationError", "ConditionalCheckFailed"], None),
            (&["None", "TransactionConflict"], Some(Kind::Transient)),
            (&["ThrottlingError", "None"], Some(Kind::Throttled)),
            (&["TransactionConflict", "ProvisionedThroughputExceeded"], Some(Kind::Throttled)),
            (&["ThrottlingError", "ItemCollectionSizeLimitExceeded"], Some(Kind::Permanent)),
            (&["ValidationError"], Some(Kind::Permanent)),
            (&["None"], Some(Kind::Transient)),
            (&[], Some(Kind::Transient)),
        ] {
            let reasons: Vec<_> = codes.iter().map(|code| CancellationReason::builder().code(*code).build()).collect();
            assert_eq!(why_cancelled(&reasons), expected, "{codes:?}");
        }
    }
}
