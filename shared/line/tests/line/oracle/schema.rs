//! The part of OpenAPI 3.0's schemas that LINE's files use. Stricter than they are in one thing: a property that they do not
//! name is an error, since it is most likely one of ours misspelt.

use std::collections::BTreeSet;
use std::fmt::Display;

use serde_json::{Map, Value};

type Schema = Map<String, Value>;

/// Keywords that say nothing about a value; `properties`, `required` and such are looked at where their neighbours are.
const SILENT: [&str; 14] = [
    "additionalProperties",
    "default",
    "description",
    "discriminator",
    "example",
    "externalDocs",
    "format",
    "mapping",
    "nullable",
    "properties",
    "title",
    "uniqueItems",
    "x-enum-descriptions",
    "x-enum-varnames",
];

/// A schema is looked at as a whole, or as the part of another that `allOf` names.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Whole,
    Part,
}

/// What a discriminator says about a value.
enum Choice<'a> {
    None,
    Special(&'a Value),
    Unknown(&'a str),
}

/// What is wrong with a value by a schema of a file.
pub(super) fn errors(spec: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut check = Check { spec, errors: Vec::new() };
    check.value(schema, value, "$", Role::Whole);
    check.errors
}

struct Check<'a> {
    spec: &'a Value,
    errors: Vec<String>,
}

impl<'a> Check<'a> {
    fn fail(&mut self, at: &str, what: impl Display) {
        self.errors.push(format!("{at} {what}"));
    }

    fn resolve(&self, schema: &'a Value) -> &'a Schema {
        let mut schema = schema;
        while let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').expect("references stay within the file");
            schema = self.spec.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        }
        schema.as_object().expect("a schema is an object")
    }

    fn value(&mut self, schema: &'a Value, value: &Value, at: &str, role: Role) {
        let schema = self.resolve(schema);
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return;
        }
        if role == Role::Whole {
            match self.special(schema, value) {
                Choice::None => {}
                Choice::Special(special) => return self.value(special, value, at, Role::Whole),
                Choice::Unknown(name) => return self.fail(at, format_args!("has an unknown {name}")),
            }
            self.names(schema, value, at);
        }
        for (keyword, rule) in schema {
            self.keyword(keyword, rule, value, at);
        }
        if let (Some(properties), Some(fields)) =
            (schema.get("properties").and_then(Value::as_object), value.as_object())
        {
            for (name, property) in properties {
                if let Some(field) = fields.get(name) {
                    self.value(property, field, &format!("{at}.{name}"), Role::Whole);
                }
            }
        }
    }

    /// The more special schema that the discriminator chooses.
    fn special(&self, schema: &'a Schema, value: &Value) -> Choice<'a> {
        let Some(discriminator) = schema.get("discriminator") else { return Choice::None };
        let name = discriminator["propertyName"].as_str().expect("a discriminator names a property");
        let chosen = value.get(name).and_then(Value::as_str).unwrap_or_default();
        let reference = discriminator["mapping"].get(chosen).and_then(Value::as_str);
        let special = reference.and_then(|reference| self.spec.pointer(reference.strip_prefix('#')?));
        special.map_or(Choice::Unknown(name), Choice::Special)
    }

    /// Every property must be named somewhere in the schema or the parts of it.
    fn names(&mut self, schema: &'a Schema, value: &Value, at: &str) {
        let mut known = BTreeSet::new();
        self.collect_names(schema, &mut known);
        if known.is_empty() || schema.contains_key("additionalProperties") || schema.contains_key("oneOf") {
            return;
        }
        let fields = value.as_object().into_iter().flat_map(Map::keys);
        for name in fields.filter(|name| !known.contains(name.as_str())) {
            self.fail(at, format_args!("has the unknown property {name}"));
        }
    }

    fn collect_names(&self, schema: &'a Schema, known: &mut BTreeSet<&'a str>) {
        known.extend(
            schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.as_str()),
        );
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect_names(self.resolve(part), known);
        }
    }

    fn keyword(&mut self, keyword: &str, rule: &'a Value, value: &Value, at: &str) {
        match keyword {
            "allOf" => rule.as_array().into_iter().flatten().for_each(|part| self.value(part, value, at, Role::Part)),
            "oneOf" => {
                let options = rule.as_array().into_iter().flatten();
                let fitting = options.filter(|option| errors(self.spec, option, value).is_empty()).count();
                if fitting != 1 {
                    self.fail(at, format_args!("fits {fitting} of the shapes that it may have"));
                }
            }
            "type" if !is_of_type(value, rule.as_str().unwrap_or_default()) => {
                self.fail(at, format_args!("is no {rule}"));
            }
            "enum" if !rule.as_array().is_some_and(|values| values.contains(value)) => {
                self.fail(at, format_args!("is {value}, which is none of {rule}"));
            }
            "required" => {
                let names = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
                for name in names.filter(|name| value.is_object() && value.get(name).is_none()) {
                    self.fail(at, format_args!("lacks {name}"));
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.value(rule, item, &format!("{at}[{index}]"), Role::Whole);
                }
            }
            "minimum" | "minItems" | "minLength" if size(keyword, value) < rule.as_f64() => {
                self.fail(at, format_args!("is below {keyword} {rule}"));
            }
            "maximum" | "maxItems" | "maxLength" if size(keyword, value) > rule.as_f64() => {
                self.fail(at, format_args!("is above {keyword} {rule}"));
            }
            "pattern" if !is_of_pattern(value, rule.as_str().unwrap_or_default()) => {
                self.fail(at, format_args!("is {value}, not of {rule}"));
            }
            "type" | "enum" | "minimum" | "maximum" | "minItems" | "maxItems" | "minLength" | "maxLength"
            | "pattern" => {}
            silent => assert!(SILENT.contains(&silent), "the oracle does not know the keyword {silent}"),
        }
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("the oracle does not know the type {other}"),
    }
}

fn size(keyword: &str, value: &Value) -> Option<f64> {
    let count = match value {
        Value::Number(number) => return number.as_f64(),
        Value::Array(items) => items.len(),
        Value::String(text) => text.chars().count(),
        _ => panic!("{keyword} stands beside a type that has no size"),
    };
    Some(f64::from(u32::try_from(count).expect("no test is so large")))
}

/// The patterns of the files are all of one form: `^[a-z_]{1,32}$`.
fn is_of_pattern(value: &Value, pattern: &str) -> bool {
    let parts = || -> Option<(&str, usize, usize)> {
        let (class, counts) = pattern.strip_prefix("^[")?.strip_suffix("}$")?.split_once("]{")?;
        let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
        Some((class, least.parse().ok()?, most.parse().ok()?))
    };
    let (class, least, most) = parts().unwrap_or_else(|| panic!("the oracle does not know the pattern {pattern}"));
    let class: Vec<char> = class.chars().collect();
    let is_in_class = |char: char| {
        let in_range = |at: usize| {
            class.get(at + 1) == Some(&'-') && class.get(at + 2).is_some_and(|&last| class[at] <= char && char <= last)
        };
        (0..class.len()).any(|at| class[at] == char || in_range(at))
    };
    value.as_str().is_none_or(|text| (least..=most).contains(&text.chars().count()) && text.chars().all(is_in_class))
}
