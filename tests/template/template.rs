//! The template as the rules look at it: resources by kind, functions with what belongs to them.

use std::collections::BTreeMap;

use serde_json::Value;

/// A template.
pub(crate) struct Template(pub(crate) Value);

/// A resource with its logical id.
#[derive(Clone, Copy)]
pub(crate) struct Resource<'a> {
    pub(crate) id: &'a str,
    pub(crate) body: &'a Value,
}

impl<'a> Resource<'a> {
    /// A property; `Value::Null` if there is none. Looks deeper by a JSON pointer (`/A/B`).
    pub(crate) fn property(self, pointer: &str) -> &'a Value {
        self.body["Properties"].pointer(pointer).unwrap_or(&Value::Null)
    }
}

impl Template {
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &Value)> {
        entries(&self.0["Parameters"])
    }

    pub(crate) fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        entries(&self.0["Resources"]).map(|(id, body)| Resource { id, body })
    }

    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = Resource<'_>> {
        self.resources().filter(move |resource| resource.body["Type"] == kind)
    }

    /// The resource that a `Ref` or `GetAtt` names, if it is of this kind.
    pub(crate) fn named_by(&self, reference: &Value, kind: &str) -> Option<Resource<'_>> {
        let id = target(reference)?;
        self.of_kind(kind).find(|resource| resource.id == id)
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = Function<'_>> {
        self.of_kind("AWS::Serverless::Function").map(|resource| Function { resource, template: self })
    }

    /// The queues that a function works off.
    pub(crate) fn consumed(&self) -> impl Iterator<Item = (Function<'_>, &Value, Resource<'_>)> {
        self.functions().flat_map(move |function| {
            let mappings = function.mappings().collect::<Vec<_>>();
            mappings.into_iter().filter_map(move |mapping| {
                Some((function, mapping, self.named_by(&mapping["Queue"], "AWS::SQS::Queue")?))
            })
        })
    }
}

/// A Lambda function with what the template says of it.
#[derive(Clone, Copy)]
pub(crate) struct Function<'a> {
    pub(crate) resource: Resource<'a>,
    template: &'a Template,
}

impl<'a> Function<'a> {
    /// Its crate, which is also the name of its binary.
    pub(crate) fn name(self) -> &'a str {
        self.resource.body["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap_or("(no binary)")
    }

    pub(crate) fn variables(self) -> BTreeMap<&'a str, &'a Value> {
        let shared = &self.template.0["Globals"]["Function"]["Environment"]["Variables"];
        entries(shared).chain(entries(self.resource.property("/Environment/Variables"))).collect()
    }

    /// In seconds; Lambda's own default is 3.
    pub(crate) fn timeout(self) -> u64 {
        self.resource.property("/Timeout").as_u64().unwrap_or(3)
    }

    /// The properties of its SQS event sources.
    pub(crate) fn mappings(self) -> impl Iterator<Item = &'a Value> {
        entries(self.resource.property("/Events"))
            .filter(|(_, event)| event["Type"] == "SQS")
            .map(|(_, event)| &event["Properties"])
    }

    pub(crate) fn role(self) -> Option<Resource<'a>> {
        self.template.named_by(self.resource.property("/Role"), "AWS::IAM::Role")
    }
}

/// The logical id that a `Ref`, a `GetAtt`, or a `Sub` that begins with one names.
pub(crate) fn target(reference: &Value) -> Option<&str> {
    let named = reference["Ref"].as_str().or_else(|| reference["Fn::GetAtt"][0].as_str());
    named.or_else(|| reference["Fn::Sub"].as_str()?.strip_prefix("${")?.split(['.', '}']).next())
}

/// The condition under which the functions use another table than the stack's own.
pub(crate) const OTHER_TABLE: &str = "OtherTable";

/// What stands there as long as the stack's own table is in use.
pub(crate) fn with_our_table(value: &Value) -> &Value {
    if value["Fn::If"][0] == OTHER_TABLE { &value["Fn::If"][2] } else { value }
}

/// A list, or the one thing that stands in its place.
pub(crate) fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().collect(),
        one => vec![one],
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}
