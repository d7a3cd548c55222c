//! What the code of each function reads and calls. A new function is one entry here.

use aws::environment::{ConsoleEnvironment, InboxEnvironment, WebhookEnvironment};

use crate::template::Function;

/// A function, as its code is.
pub(crate) struct Known {
    /// Its crate.
    name: &'static str,
    /// The environment variables that it reads.
    pub(crate) reads: &'static [&'static str],
    /// What it calls: a resource, written as in a `!Sub`, and all that is done with it. That it writes its log and works
    /// off the queues of its events goes without saying.
    pub(crate) calls: &'static [(&'static str, &'static [&'static str])],
}

const KNOWN: &[Known] = &[
    // It takes in what anybody sends: no table, and no way to LINE.
    Known {
        name: "webhook",
        reads: WebhookEnvironment::VARIABLES,
        calls: &[("${LineSecret.Id}", &["secretsmanager:GetSecretValue"]), ("${InboxQueue.Arn}", &["sqs:SendMessage"])],
    },
    Known {
        name: "inbox",
        reads: InboxEnvironment::VARIABLES,
        calls: &[
            ("${LineSecret.Id}", &["secretsmanager:GetSecretValue"]),
            ("${InboxDeadLetterQueue.Arn}", &["sqs:SendMessage"]),
            // A transaction asks for what it is made of.
            (
                "${Table.Arn}",
                &[
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:Query",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:ConditionCheckItem",
                ],
            ),
        ],
    },
    Known {
        name: "console",
        reads: ConsoleEnvironment::VARIABLES,
        calls: &[
            ("${LineSecret.Id}", &["secretsmanager:GetSecretValue"]),
            ("${StaffSecret.Id}", &["secretsmanager:GetSecretValue"]),
            (
                "${Table.Arn}",
                &[
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:Query",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:BatchWriteItem",
                    "dynamodb:ConditionCheckItem",
                ],
            ),
        ],
    },
];

/// What the code of a function of the template is.
pub(crate) fn known(function: Function<'_>) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == function.name())
}
