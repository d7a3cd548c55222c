//! A small DynamoDB in memory: enough of items, conditions and transactions for what the town's data and broadcasts need, and it can die.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

type Item = Map<String, Value>;
type Key = (String, String);

/// What is in the table, shared with the test.
#[derive(Default)]
pub(crate) struct Memory {
    items: Mutex<BTreeMap<Key, Item>>,
    /// So many more writes are made; then everything fails.
    writes_left: Mutex<Option<usize>>,
}

pub(crate) struct Served(pub(crate) Arc<Memory>);

impl Respond for Served {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let target = request.headers.get("x-amz-target").unwrap().to_str().unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let (status, body) = match self.0.call(target.rsplit('.').next().unwrap(), &body) {
            Ok(body) => (200, body),
            Err((status, body)) => (status, body),
        };
        ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.0")
    }
}

/// What is answered, or a status and what is answered with it.
pub(crate) type Answer = Result<Value, (u16, Value)>;

impl Memory {
    pub(crate) fn die_after(&self, writes: Option<usize>) {
        *self.writes_left.lock().unwrap() = writes;
    }

    /// Changes an item behind everybody's back, as another function would.
    pub(crate) fn meddle(&self, pk: &str, sk: &str, change: impl FnOnce(&mut Item)) {
        change(self.items.lock().unwrap().get_mut(&(pk.to_owned(), sk.to_owned())).unwrap());
    }

    /// All items of a partition are gone.
    pub(crate) fn lose(&self, pk: &str) {
        self.items.lock().unwrap().retain(|(of, _), _| of != pk);
    }

    pub(crate) fn partition(&self, pk: &str) -> Vec<Item> {
        let items = self.items.lock().unwrap();
        items.iter().filter(|((of, _), _)| of == pk).map(|(_, item)| item.clone()).collect()
    }

    pub(crate) fn call(&self, operation: &str, body: &Value) -> Answer {
        let dead = || (500, json!({"__type": "InternalServerError"}));
        let is_write = !matches!(operation, "GetItem" | "BatchGetItem" | "Query" | "Scan");
        {
            let mut left = self.writes_left.lock().unwrap();
            match left.as_mut() {
                Some(0) => return Err(dead()),
                Some(left) if is_write => *left -= 1,
                Some(_) | None => {}
            }
        }
        let mut items = self.items.lock().unwrap();
        match operation {
            "GetItem" => Ok(match items.get(&key(&body["Key"])) {
                Some(item) => json!({ "Item": item }),
                None => json!({}),
            }),
            "BatchGetItem" => {
                let mut responses = Map::new();
                for (table, request) in body["RequestItems"].as_object().unwrap() {
                    let keys = request["Keys"].as_array().unwrap().iter();
                    responses.insert(table.clone(), keys.filter_map(|at| items.get(&key(at)).cloned()).collect());
                }
                Ok(json!({ "Responses": responses }))
            }
            "Query" => Ok(query(&items, body)),
            "Scan" => Ok(scan(&items, body)),
            "BatchWriteItem" => {
                for request in
                    body["RequestItems"].as_object().unwrap().values().flat_map(|list| list.as_array().unwrap())
                {
                    match request.get("PutRequest") {
                        Some(put) => items.insert(key(&put["Item"]), put["Item"].as_object().unwrap().clone()),
                        None => items.remove(&key(&request["DeleteRequest"]["Key"])),
                    };
                }
                Ok(json!({}))
            }
            "PutItem" => {
                let at = key(&body["Item"]);
                if !holds(items.get(&at), body) {
                    return Err(refused(items.get(&at), body));
                }
                items.insert(at, body["Item"].as_object().unwrap().clone());
                Ok(json!({}))
            }
            "UpdateItem" => {
                let at = key(&body["Key"]);
                if !holds(items.get(&at), body) {
                    return Err(refused(items.get(&at), body));
                }
                let item = update(items.get(&at).cloned(), body);
                items.insert(at, item);
                Ok(json!({}))
            }
            "TransactWriteItems" => transact(&mut items, body),
            other => panic!("{other} is not known here"),
        }
    }
}

/// The refusal of a single write whose condition does not hold.
fn refused(there: Option<&Item>, body: &Value) -> (u16, Value) {
    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    let shown = there.filter(|_| body["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD");
    (400, shown.map_or(json!({"__type": kind}), |item| json!({"__type": kind, "Item": item})))
}

fn transact(items: &mut BTreeMap<Key, Item>, body: &Value) -> Answer {
    let steps: Vec<(&str, &Value)> = body["TransactItems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let (kind, step) = step.as_object().unwrap().iter().next().unwrap();
            (kind.as_str(), step)
        })
        .collect();
    let at = |step: &Value| key(step.get("Item").unwrap_or(&step["Key"]));
    let keys: BTreeSet<Key> = steps.iter().map(|(_, step)| at(step)).collect();
    assert_eq!(keys.len(), steps.len(), "no two steps of one transaction are about the same item");
    assert!(steps.len() <= 100);
    let reasons: Vec<Value> = steps.iter().map(|(_, step)| {
        json!({"Code": if holds(items.get(&at(step)), step) { "None" } else { "ConditionalCheckFailed" }})
    }).collect();
    if reasons.iter().any(|reason| reason["Code"] != "None") {
        let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
        return Err((400, json!({"__type": kind, "message": "cancelled", "CancellationReasons": reasons})));
    }
    for (kind, step) in steps {
        let key = at(step);
        match kind {
            "Put" => items.insert(key, step["Item"].as_object().unwrap().clone()),
            "Delete" => items.remove(&key),
            "Update" => {
                let item = update(items.get(&key).cloned(), step);
                items.insert(key, item)
            }
            "ConditionCheck" => None,
            other => panic!("{other} is not known here"),
        };
    }
    Ok(json!({}))
}

fn key(item: &Value) -> Key {
    let text = |name: &str| item[name]["S"].as_str().unwrap().to_owned();
    (text("PK"), text("SK"))
}

/// A page of all items, of two at most, so that whoever reads all of them has to go on.
fn scan(items: &BTreeMap<Key, Item>, body: &Value) -> Value {
    let after = body["ExclusiveStartKey"].is_object().then(|| key(&body["ExclusiveStartKey"]));
    let page: Vec<(&Key, &Item)> =
        items.iter().filter(|(at, _)| after.as_ref().is_none_or(|after| after < *at)).take(2).collect();
    let found: Vec<&Item> = page.iter().map(|(_, item)| *item).collect();
    match page.last().filter(|_| page.len() == 2) {
        Some(((pk, sk), _)) => {
            json!({ "Items": found, "LastEvaluatedKey": { "PK": { "S": pk }, "SK": { "S": sk } } })
        }
        None => json!({ "Items": found }),
    }
}

fn query(items: &BTreeMap<Key, Item>, body: &Value) -> Value {
    check_names(body);
    let values = &body["ExpressionAttributeValues"];
    let pk = values[":pk"]["S"].as_str().unwrap();
    let condition = body["KeyConditionExpression"].as_str().unwrap();
    let place = values[":place"]["S"].as_str().unwrap_or_default();
    let (hash, range) = if body["IndexName"] == "GSI1" { ("GSI1PK", "GSI1SK") } else { ("PK", "SK") };
    let fits = |sk: &str| match (condition.contains(&format!("{range} <")), condition.contains(&format!("{range} >"))) {
        (true, _) => sk < place,
        (_, true) => sk > place,
        _ => true,
    };
    let text = |item: &Item, name: &str| item.get(name).and_then(|text| Some(text["S"].as_str()?.to_owned()));
    let is_in = |item: &&Item| text(item, hash).as_deref() == Some(pk) && text(item, range).is_some_and(|sk| fits(&sk));
    let mut found: Vec<&Item> = items.values().filter(is_in).collect();
    found.sort_by_key(|item| text(item, range));
    if body["ScanIndexForward"] == false {
        found.reverse();
    }
    if let Some(limit) = body["Limit"].as_u64() {
        found.truncate(usize::try_from(limit).unwrap());
    }
    json!({ "Items": found })
}

/// The value of a path such as `#pending.#journal`.
fn value<'a>(item: Option<&'a Item>, path: &str, names: &Value) -> Option<&'a Value> {
    let mut parts = path.split('.').map(|part| names[part].as_str().unwrap_or(part));
    let mut value = item?.get(parts.next()?)?;
    for part in parts {
        value = value.get("M")?.get(part)?;
    }
    Some(value)
}

/// DynamoDB refuses a name or a value that no expression uses, and one that is used and not given.
fn check_names(body: &Value) {
    let expressions: String =
        ["UpdateExpression", "ConditionExpression", "KeyConditionExpression", "ProjectionExpression"]
            .map(|field| body[field].as_str().unwrap_or_default())
            .join(" ");
    for (field, sign) in [("ExpressionAttributeNames", '#'), ("ExpressionAttributeValues", ':')] {
        let words = expressions.split(|c: char| !c.is_alphanumeric() && !"#:_".contains(c));
        let used: BTreeSet<&str> = words.filter(|word| word.starts_with(sign)).collect();
        let given: BTreeSet<&str> =
            body[field].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        assert_eq!(used, given, "{expressions}");
    }
}

fn holds(item: Option<&Item>, body: &Value) -> bool {
    check_names(body);
    let Some(condition) = body["ConditionExpression"].as_str() else { return true };
    let (names, values) = (&body["ExpressionAttributeNames"], &body["ExpressionAttributeValues"]);
    let number = |value: &Value| value["N"].as_str().map(|number| number.parse::<i64>().unwrap());
    let term = |term: &str| {
        if let Some(path) = term.strip_prefix("attribute_not_exists(").and_then(|rest| rest.strip_suffix(')')) {
            return value(item, path, names).is_none();
        }
        if let Some(path) = term.strip_prefix("attribute_exists(").and_then(|rest| rest.strip_suffix(')')) {
            return value(item, path, names).is_some();
        }
        let parts: Vec<&str> = term.split(' ').collect();
        let [path, sign, name] = parts[..] else { panic!("{term} is not known here") };
        let Some(found) = value(item, path, names) else { return false };
        match sign {
            "=" => *found == values[name],
            "<=" => number(found) <= number(&values[name]),
            "<" => number(found) < number(&values[name]),
            other => panic!("{other} is not known here"),
        }
    };
    condition.split(" OR ").any(|side| side.split(" AND ").all(term))
}

fn update(item: Option<Item>, body: &Value) -> Item {
    let (names, values) = (&body["ExpressionAttributeNames"], &body["ExpressionAttributeValues"]);
    let mut item = item.unwrap_or_else(|| body["Key"].as_object().unwrap().clone());
    let expression = body["UpdateExpression"].as_str().unwrap();
    let marked =
        expression.replace(" ADD ", "\nADD ").replace(" REMOVE ", "\nREMOVE ").replace(" DELETE ", "\nDELETE ");
    for clause in marked.lines() {
        let (verb, rest) = clause.split_once(' ').unwrap();
        for part in rest.split(", ") {
            match verb {
                "SET" => {
                    let (path, name) = part.split_once(" = ").unwrap();
                    let mut parts = path.split('.').map(|part| names[part].as_str().unwrap()).collect::<Vec<_>>();
                    let last = parts.pop().unwrap();
                    let inner = match parts[..] {
                        [] => &mut item,
                        [outer] => item.get_mut(outer).unwrap()["M"].as_object_mut().unwrap(),
                        _ => panic!("{path} is not known here"),
                    };
                    inner.insert(last.to_owned(), values[name].clone());
                }
                "ADD" => {
                    let (path, name) = part.split_once(' ').unwrap();
                    if let Some(more) = values[name]["N"].as_str() {
                        let known = item.entry(names[path].as_str().unwrap()).or_insert_with(|| json!({"N": "0"}));
                        let number = |text: &str| text.parse::<i64>().unwrap();
                        *known = json!({ "N": (number(known["N"].as_str().unwrap()) + number(more)).to_string() });
                        continue;
                    }
                    let known = item.entry(names[path].as_str().unwrap()).or_insert_with(|| json!({"SS": []}));
                    let all = known["SS"].as_array().unwrap().iter().chain(values[name]["SS"].as_array().unwrap());
                    let all: BTreeSet<&str> = all.map(|text| text.as_str().unwrap()).collect();
                    *known = json!({ "SS": all });
                }
                "DELETE" => {
                    let (path, name) = part.split_once(' ').unwrap();
                    let name_of = names[path].as_str().unwrap();
                    let gone = values[name]["SS"].as_array().unwrap();
                    let left =
                        item.get(name_of).map(|known| known["SS"].as_array().unwrap().clone()).unwrap_or_default();
                    let left: Vec<Value> = left.into_iter().filter(|text| !gone.contains(text)).collect();
                    // There is no empty set.
                    if left.is_empty() {
                        item.remove(name_of);
                    } else {
                        item.insert(name_of.to_owned(), json!({ "SS": left }));
                    }
                }
                "REMOVE" => drop(item.remove(names[part].as_str().unwrap())),
                other => panic!("{other} is not known here"),
            }
        }
    }
    item
}
