//! Rules that let a second stage stand beside the first: whatever has a name that an account or a region has once only bears the stack's.

use serde_json::{Value, json};

use crate::template::{Resource, Template};

/// Properties that name the resource itself. Where another resource is named, it is by a `Ref`. (A stage's name is unique within its API,
/// a client's within its pool.)
const NAMES: &[&str] = &[
    "AlarmName",
    "AliasName",
    "BucketName",
    "ConfigurationName",
    "DashboardName",
    "DomainName",
    "FilterName",
    "FunctionName",
    "GroupName",
    "LayerName",
    "LogGroupName",
    "ManagedPolicyName",
    "Name",
    "QueueName",
    "RoleName",
    "RuleName",
    "ScheduleGroupName",
    "StackName",
    "StateMachineName",
    "TableName",
    "TopicName",
    "UserPoolName",
];

/// No resource has a name that another stack's would have, too.
pub(crate) fn names_bear_the_stacks(template: &Template) -> Vec<String> {
    let mut complaints = Vec::new();
    for resource in template.resources() {
        for (property, name) in names(resource) {
            if !is_of_the_stack(template, name) {
                complaints.push(format!("{}: {property} is the same in every stack", resource.id));
            }
        }
        // SAM names a schedule that has no name after its function: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-schedulev2.html
        let events = resource.property("/Events").as_object().into_iter().flatten();
        for (event, declared) in events.filter(|(_, event)| event["Type"] == "ScheduleV2") {
            if declared["Properties"]["Name"].is_null() {
                complaints.push(format!("{}: its schedule {event} has no name of this stack's", resource.id));
            }
        }
    }
    complaints
}

/// The names among a resource's properties, and those of the events that become resources.
fn names(resource: Resource<'_>) -> Vec<(&str, &Value)> {
    let own = resource.body["Properties"].as_object().into_iter().flatten();
    let events = resource.property("/Events").as_object().into_iter().flatten();
    let of_events = events.flat_map(|(_, event)| event["Properties"].as_object().into_iter().flatten());
    let is_domain = |property: &str| resource.body["Type"] == "AWS::Cognito::UserPoolDomain" && property == "Domain";
    let all = own.chain(of_events).map(|(property, value)| (property.as_str(), value));
    all.filter(|(property, _)| NAMES.contains(property) || is_domain(property)).collect()
}

/// Whether a name holds the stack's, or is that of another resource of the template (a condition's branches each).
fn is_of_the_stack(template: &Template, name: &Value) -> bool {
    if let Some(branches) = name["Fn::If"].as_array() {
        return branches.iter().skip(1).all(|branch| is_of_the_stack(template, branch));
    }
    let is_resource = |id: &str| template.resources().any(|resource| resource.id == id);
    let refers = name["Ref"].as_str().or_else(|| name["Fn::GetAtt"][0].as_str());
    let text = name["Fn::Sub"].as_str().or_else(|| name["Fn::Sub"][0].as_str());
    refers.is_some_and(|id| id == "AWS::StackName" || is_resource(id))
        || text.is_some_and(|text| text.contains("${AWS::StackName}"))
        || *name == json!({ "Ref": "AWS::NoValue" })
}
