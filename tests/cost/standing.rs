//! What stands whether anybody writes or not, counted from the template.

use std::iter;

/// How many of each thing that costs something a month there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Metrics that alarms look at; most look at one.
    pub(crate) alarms: u32,
    /// Metrics made of logs that report all the time, because they have a default. One that only reports what went wrong costs
    /// something in the hours in which it does, and is left out.
    pub(crate) metrics: u32,
    pub(crate) dashboards: u32,
    pub(crate) secrets: u32,
    /// Queues that Lambda asks all the time.
    pub(crate) queues: u32,
    /// Such queues that keep the order.
    pub(crate) fifo_queues: u32,
}

/// Counts in the text of a template. What is there under a condition only is left out: nobody has it by default.
pub(crate) fn standing(template: &str) -> Standing {
    let resources: Vec<&str> = resources(template).filter(|text| !text.contains("\n    Condition: ")).collect();
    let mut standing = Standing::default();
    for text in &resources {
        match kind(text) {
            "AWS::CloudWatch::Alarm" => {
                standing.alarms += lines(text, |line| line.trim_start_matches("- ").starts_with("MetricName:")).max(1);
            }
            "AWS::CloudWatch::Dashboard" => standing.dashboards += 1,
            "AWS::SecretsManager::Secret" => standing.secrets += 1,
            "AWS::Logs::MetricFilter" => standing.metrics += lines(text, |line| line.starts_with("DefaultValue:")),
            "AWS::Serverless::Function" => {
                for queue in text.lines().filter_map(polled) {
                    if resources.iter().any(|other| name(other) == queue && other.contains("FifoQueue: true")) {
                        standing.fifo_queues += 1;
                    } else {
                        standing.queues += 1;
                    }
                }
            }
            _ => {}
        }
    }
    standing
}

/// How many lines of a text are such.
fn lines(text: &str, is: impl Fn(&str) -> bool) -> u32 {
    text.lines().map(|line| u32::from(is(line.trim()))).sum()
}

/// The texts of the resources, each from its name to the next one's.
fn resources(template: &str) -> impl Iterator<Item = &str> {
    let all = template.split_once("\nResources:\n").map_or("", |(_, all)| all);
    let lines = all.match_indices('\n').map(|(at, _)| at + 1);
    let starts: Vec<usize> = iter::once(0).chain(lines).filter(|at| is_name(&all[*at..])).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain(iter::once(all.len())).collect();
    starts.into_iter().zip(ends).map(move |(start, end)| &all[start..end])
}

/// Whether a text begins with the name of a resource: two blanks, and a letter.
fn is_name(text: &str) -> bool {
    text.strip_prefix("  ").and_then(|text| text.chars().next()).is_some_and(char::is_alphabetic)
}

fn name(resource: &str) -> &str {
    resource.trim_start().split(':').next().unwrap_or_default()
}

fn kind(resource: &str) -> &str {
    resource.lines().find_map(|line| line.strip_prefix("    Type: ")).unwrap_or_default().trim()
}

/// The queue that a line of a function's events names.
fn polled(line: &str) -> Option<&str> {
    line.trim().strip_prefix("Queue: !GetAtt ")?.strip_suffix(".Arn")
}

#[cfg(test)]
mod tests {
    use super::{Standing, standing};

    const SMALL: &str = "\
Parameters:
  Alarm:
    Type: String

Resources:
  Inbox:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Delivery:
          Type: SQS
          Properties:
            Queue: !GetAtt Letters.Arn
        Other:
          Type: SQS
          Properties:
            Queue: !GetAtt Parcels.Arn
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        QueueConfigurations:
          - Event: s3:ObjectCreated:*
            Queue: !GetAtt Parcels.Arn
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: true
  # Nobody asks this one.
  DeadLetters:
    Type: AWS::SQS::Queue
  Parcels:
    Type: AWS::SQS::Queue
  Waits:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: Age
  Compared:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Metrics:
        - MetricStat: { Period: 60 }
          MetricName: One
        - MetricName: Other
  Sometimes:
    Type: AWS::CloudWatch::Alarm
    Condition: SomebodyAsked
    Properties:
      MetricName: Age
  Errors:
    Type: AWS::Logs::MetricFilter
    Properties:
      MetricTransformations:
        - MetricName: Errors
  Always:
    Type: AWS::Logs::MetricFilter
    Properties:
      MetricTransformations:
        - MetricName: Always
          DefaultValue: 0
  Key:
    Type: AWS::SecretsManager::Secret
";

    #[test]
    fn what_costs_is_counted_and_nothing_else() {
        let expected = Standing { alarms: 3, metrics: 1, dashboards: 0, secrets: 1, queues: 1, fifo_queues: 1 };
        assert_eq!(standing(SMALL), expected);
        assert_eq!(standing("Parameters:\n"), Standing::default());
    }

    #[test]
    fn the_template_of_this_city_has_some_of_each() {
        let found = standing(include_str!("../../template.yaml"));
        assert!(10 < found.alarms && found.secrets == 1, "{found:?}");
        // One for the chat, and four for broadcasts, photos, notices, changes.
        assert_eq!((found.fifo_queues, found.queues), (1, 7), "{found:?}");
    }
}
