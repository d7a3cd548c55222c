//! Conditional writes, and what becomes of them.

use std::collections::HashMap;

use app::error::{Error, Kind};
use app::ports::staff::Written;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update as UpdateOf, WriteRequest,
};
use jiff::Timestamp;

use super::{Item, Key, Table, number};
use crate::failure::{ROUNDS_MAX, failed, kind_of_code, pause_before};

/// DynamoDB takes at most this many writes in one batch.
pub(crate) const BATCH_WRITES_MAX: usize = 25;

/// DynamoDB takes at most this many steps in one transaction.
pub(crate) const STEPS_MAX: usize = 100;

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

impl Condition {
    fn test(self) -> Test<'static> {
        match self {
            Self::None => Test { condition: "", names: &[], values: Vec::new() },
            Self::Absent(now) => Test {
                condition: "attribute_not_exists(PK) OR #expires <= :now",
                names: &["expires"],
                values: vec![("now", number(now.as_second()))],
            },
            Self::Version(version) => Test {
                condition: "#version = :version",
                names: &["version"],
                values: vec![("version", number(version))],
            },
        }
    }
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
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) item: Item,
    pub(crate) condition: Condition,
}

/// What became of a conditional change of one item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Updated {
    /// Written.
    Written,
    /// The condition did not hold; nothing was written. This is the item, if there is one.
    Refused(Option<Item>),
}

/// A change of some attributes of one item. Names stand as `#name` in the expressions, values as `:name`.
#[derive(Debug, Clone)]
pub(crate) struct Update<'a> {
    pub(crate) expression: &'a str,
    /// Empty where nothing has to hold.
    pub(crate) condition: &'a str,
    pub(crate) names: &'a [&'a str],
    pub(crate) values: Vec<(&'a str, AttributeValue)>,
}

/// What must hold of an item, as an expression. Names and values as in [`Update`].
#[derive(Debug, Clone)]
pub(crate) struct Test<'a> {
    pub(crate) condition: &'a str,
    pub(crate) names: &'a [&'a str],
    pub(crate) values: Vec<(&'a str, AttributeValue)>,
}

impl Test<'_> {
    /// The item is there.
    pub(crate) fn exists() -> Self {
        Self { condition: "attribute_exists(PK)", names: &[], values: Vec::new() }
    }
}

/// One step of a transaction. No two steps of one are about the same item.
#[derive(Debug, Clone)]
pub(crate) enum Step<'a> {
    /// Writes an item.
    Put(Write),
    /// Writes an item instead of one of which this holds.
    Replace(Item, Test<'a>),
    /// Changes some attributes of an item.
    Update(Key, Update<'a>),
    /// Removes an item, whether it was there or not.
    Remove(Key),
    /// Removes an item of which this holds.
    Delete(Key, Test<'a>),
    /// Changes nothing: this must hold of an item.
    Check(Key, Test<'a>),
}

/// What became of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Transacted {
    /// All of it was written.
    Written,
    /// The conditions of these steps, counted from 0, did not hold; nothing was written.
    Refused(Vec<usize>),
    /// Others were writing the same items; nothing was written, and the same again may be.
    Met,
}

impl Table {
    /// Takes all steps, or none.
    ///
    /// The SDK's own retry after a lost answer carries the same token, so DynamoDB does not take it for a second one.
    pub(crate) async fn transact_steps(&self, doing: &'static str, steps: Vec<Step<'_>>) -> Result<Transacted, Error> {
        let steps = steps.into_iter().map(|step| self.step(doing, step)).collect::<Result<Vec<_>, _>>()?;
        let Err(error) = self.client.transact_write_items().set_transact_items(Some(steps)).send().await else {
            return Ok(Transacted::Written);
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(failed(doing, error));
        };
        let reasons = cancelled.cancellation_reasons();
        match why_cancelled(reasons) {
            None => Ok(Transacted::Refused(refused(reasons))),
            Some(Kind::Transient) => Ok(Transacted::Met),
            Some(kind @ (Kind::Throttled | Kind::Permanent)) => Err(Error::new(kind, doing, error)),
        }
    }

    fn step(&self, doing: &'static str, step: Step<'_>) -> Result<TransactWriteItem, Error> {
        let built = |error: BuildError| Error::new(Kind::Permanent, doing, error);
        let item = TransactWriteItem::builder();
        let item = match step {
            Step::Put(Write { item, condition }) => return self.put(doing, item, condition.test()),
            Step::Replace(item, test) => return self.put(doing, item, test),
            Step::Update(key, Update { expression, condition, names, values }) => {
                let update = UpdateOf::builder().table_name(&self.name).set_key(Some(key.attributes()));
                let update = update.update_expression(expression).set_condition_expression(conditioned(condition));
                let update = update.set_expression_attribute_names(named(names));
                item.update(update.set_expression_attribute_values(valued(values)).build().map_err(built)?)
            }
            Step::Remove(key) => {
                let delete = Delete::builder().table_name(&self.name).set_key(Some(key.attributes()));
                item.delete(delete.build().map_err(built)?)
            }
            Step::Delete(key, Test { condition, names, values }) => {
                let delete = Delete::builder().table_name(&self.name).set_key(Some(key.attributes()));
                let delete = delete.condition_expression(condition).set_expression_attribute_names(named(names));
                item.delete(delete.set_expression_attribute_values(valued(values)).build().map_err(built)?)
            }
            Step::Check(key, Test { condition, names, values }) => {
                let check = ConditionCheck::builder().table_name(&self.name).set_key(Some(key.attributes()));
                let check = check.condition_expression(condition).set_expression_attribute_names(named(names));
                item.condition_check(check.set_expression_attribute_values(valued(values)).build().map_err(built)?)
            }
        };
        Ok(item.build())
    }

    /// Writes all items, or none; otherwise as [`transact_steps`](Self::transact_steps).
    pub(crate) async fn transact(&self, doing: &'static str, writes: Vec<Write>) -> Result<Happened, Error> {
        match self.transact_steps(doing, writes.into_iter().map(Step::Put).collect()).await? {
            Transacted::Written => Ok(Happened::Written),
            Transacted::Refused(_) => Ok(Happened::ConditionFailed),
            Transacted::Met => Err(Error::new(Kind::Transient, doing, "others were writing the same items")),
        }
    }

    /// Writes all items, or none, for somebody who reads again where others were faster or write at the same moment.
    pub(crate) async fn keep(&self, doing: &'static str, writes: Vec<Write>) -> Result<Written, Error> {
        self.write(doing, writes.into_iter().map(Step::Put).collect()).await
    }

    /// Takes all steps or none. Others who were writing the same items are a lost race: whoever reads again sees what they wrote.
    pub(crate) async fn write(&self, doing: &'static str, steps: Vec<Step<'_>>) -> Result<Written, Error> {
        match self.transact_steps(doing, steps).await? {
            Transacted::Written => Ok(Written::Done),
            Transacted::Refused(_) | Transacted::Met => Ok(Written::Raced),
        }
    }

    fn put(&self, doing: &'static str, item: Item, test: Test<'_>) -> Result<TransactWriteItem, Error> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let Test { condition, names, values } = test;
        let put = put.set_condition_expression(conditioned(condition)).set_expression_attribute_names(named(names));
        let put = put.set_expression_attribute_values(valued(values));
        let put = put.build().map_err(|error| Error::new(Kind::Permanent, doing, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Writes one item; where the condition does not hold, it gives the item as it stood.
    pub(crate) async fn put_or_show(&self, doing: &'static str, write: Write) -> Result<Updated, Error> {
        let key = Key::of(&write.item);
        let call = self.client.put_item().table_name(&self.name).set_item(Some(write.item));
        let call = call.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Test { condition, names, values } = write.condition.test();
        let call = call.set_condition_expression(conditioned(condition)).set_expression_attribute_names(named(names));
        let Err(error) = call.set_expression_attribute_values(valued(values)).send().await else {
            return Ok(Updated::Written);
        };
        match error.as_service_error() {
            // An emulator may leave it out, so what is not shown is looked up.
            Some(PutItemError::ConditionalCheckFailedException(refusal)) => match (refusal.item(), key) {
                (None, Some(key)) => Ok(Updated::Refused(self.get(doing, &key).await?)),
                (shown, _) => Ok(Updated::Refused(shown.cloned())),
            },
            Some(_) | None => Err(failed(doing, error)),
        }
    }

    /// Changes some attributes of one item.
    pub(crate) async fn update(&self, doing: &'static str, key: &Key, update: Update<'_>) -> Result<Happened, Error> {
        let call = self.updating(key, update);
        match call.send().await {
            Ok(_) => Ok(Happened::Written),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(Happened::ConditionFailed),
                Some(_) | None => Err(failed(doing, error)),
            },
        }
    }

    /// Changes some attributes of one item; where the condition does not hold, it gives the item as it stood.
    pub(crate) async fn update_or_show(
        &self,
        doing: &'static str,
        key: &Key,
        update: Update<'_>,
    ) -> Result<Updated, Error> {
        let call = self.updating(key, update);
        let call = call.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = call.send().await else { return Ok(Updated::Written) };
        match error.as_service_error() {
            // An emulator may leave it out, so what is not shown is looked up.
            Some(UpdateItemError::ConditionalCheckFailedException(refusal)) => match refusal.item() {
                Some(item) => Ok(Updated::Refused(Some(item.clone()))),
                None => Ok(Updated::Refused(self.get(doing, key).await?)),
            },
            Some(_) | None => Err(failed(doing, error)),
        }
    }

    fn updating(&self, key: &Key, update: Update<'_>) -> UpdateItemFluentBuilder {
        let call = self.client.update_item().table_name(&self.name).set_key(Some(key.attributes()));
        let call = call.update_expression(update.expression);
        let call = call.set_condition_expression(conditioned(update.condition));
        let call = call.set_expression_attribute_names(named(update.names));
        call.set_expression_attribute_values(valued(update.values))
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

/// DynamoDB refuses an empty condition.
fn conditioned(condition: &str) -> Option<String> {
    (!condition.is_empty()).then(|| condition.to_owned())
}

/// DynamoDB refuses an empty map of names, and of values.
fn named(names: &[&str]) -> Option<HashMap<String, String>> {
    let names: HashMap<_, _> = names.iter().map(|name| (format!("#{name}"), (*name).to_owned())).collect();
    (!names.is_empty()).then_some(names)
}

fn valued(values: Vec<(&str, AttributeValue)>) -> Option<HashMap<String, AttributeValue>> {
    let values: HashMap<_, _> = values.into_iter().map(|(name, value)| (format!(":{name}"), value)).collect();
    (!values.is_empty()).then_some(values)
}

/// Which steps' conditions did not hold: the reasons stand in the order of the steps.
fn refused(reasons: &[CancellationReason]) -> Vec<usize> {
    let failed = reasons.iter().enumerate().filter(|(_, reason)| reason.code() == Some(CONDITION_FAILED));
    failed.map(|(step, _)| step).collect()
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
