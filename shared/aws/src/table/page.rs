//! Reading very many items: page by page, and of each item only what is needed.

use app::error::Error;
use aws_sdk_dynamodb::types::AttributeValue;

use super::{Item, Key, Table};
use crate::failure::failed;

/// Some attributes of items, as paths such as `#settings.#language`, and the names in them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Projection<'a> {
    pub(crate) expression: &'a str,
    pub(crate) names: &'a [&'a str],
}

/// A page of a partition.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    /// The sort key after which the next page begins; `None` after the last.
    pub(crate) next: Option<String>,
}

impl Table {
    /// Reads one page of a partition, at most 1 MB of items as they are stored, after a sort key. Not consistently: what
    /// was written in the last moment may be missing, at half the price.
    pub(crate) async fn page(
        &self,
        doing: &'static str,
        pk: &str,
        after: Option<&str>,
        projection: Projection<'_>,
    ) -> Result<Page, Error> {
        let call = self.client.query().table_name(&self.name).key_condition_expression("PK = :pk");
        let mut call = call.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        call = call.projection_expression(projection.expression);
        for name in projection.names {
            call = call.expression_attribute_names(format!("#{name}"), *name);
        }
        let from = after.map(|after| Key::new(pk, after).attributes());
        let answer = call.set_exclusive_start_key(from).send().await.map_err(|error| failed(doing, error))?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        Ok(Page { items: answer.items.unwrap_or_default(), next })
    }
}
