//! Residents for the city's table, as the real adapter writes them.

use domain::sending::frozen::PackedId;
use futures_util::stream::{self, TryStreamExt};
use serde_json::{Value, json};

use crate::Failure;
use crate::place::Place;
use crate::residents::Residents;

/// All that an item of theirs may have.
const ATTRIBUTES: &str = "PK, SK, kind, v, version, standing, since, settings";
/// DynamoDB takes so many items at once.
const BATCH: usize = 25;
/// So many batches are written side by side.
const SIDE_BY_SIDE: usize = 4;
/// What was not written is tried again so often.
const ATTEMPTS_MAX: usize = 10;

/// Puts them all into the table.
pub(crate) async fn fill(place: &Place, client: &reqwest::Client, ids: Vec<PackedId>) -> Result<(), Failure> {
    let residents = Residents::new(ids).await?;
    for partition in 0..=u8::MAX {
        let pk = json!({ "S": format!("RESIDENT#{partition:02x}") });
        let query = json!({ "ProjectionExpression": ATTRIBUTES, "ExpressionAttributeValues": { ":pk": pk } });
        let mut page: Value = serde_json::from_str(&residents.page(&query)?.json)?;
        if !page["LastEvaluatedKey"].is_null() {
            return Err("there are too many residents for one page of a partition".into());
        }
        let items = page["Items"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let puts = items.into_iter().map(|mut item| {
            item["PK"] = pk.clone();
            json!({ "PutRequest": { "Item": item } })
        });
        let puts: Vec<Value> = puts.collect();
        let batches = stream::iter(puts.chunks(BATCH).map(Ok));
        batches.try_for_each_concurrent(SIDE_BY_SIDE, |batch| write(place, client, batch)).await?;
    }
    Ok(())
}

async fn write(place: &Place, client: &reqwest::Client, batch: &[Value]) -> Result<(), Failure> {
    let mut left = json!({ place.table.as_str(): batch });
    for _ in 0..ATTEMPTS_MAX {
        let (name, value) = place.owner("dynamodb");
        let call = client.post(&place.aws).header("x-amz-target", "DynamoDB_20120810.BatchWriteItem");
        let call = call.header("content-type", "application/x-amz-json-1.0").header(name, value);
        let body = json!({ "RequestItems": left }).to_string();
        let mut answer: Value = call.body(body).send().await?.error_for_status()?.json().await?;
        left = answer["UnprocessedItems"].take();
        if left.as_object().is_none_or(serde_json::Map::is_empty) {
            return Ok(());
        }
    }
    Err("the table does not take the residents".into())
}
