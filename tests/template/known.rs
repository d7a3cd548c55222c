//! What the code of each function reads and calls. A new function is one entry here.

use aws::environment::{
    ConsoleEnvironment, InboxEnvironment, JanitorEnvironment, NoticeEnvironment, PhotoEnvironment, PlannerEnvironment,
    PortalEnvironment, RelayEnvironment, ReminderEnvironment, SenderEnvironment, WebhookEnvironment,
};

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

/// What is done with dead letters: counted, taken, removed.
const DEAD_LETTERS: &[&str] = &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

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
            ("${PhotoQueue.Arn}", &["sqs:SendMessage"]),
            ("${RelayQueue.Arn}", &["sqs:SendMessage"]),
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
            // Accounts are made, never changed: not even whoever takes over the console could sign in as somebody else.
            ("${StaffPool.Arn}", &["cognito-idp:AdminCreateUser"]),
            ("${Table.Arn}/index/GSI1", &["dynamodb:Query"]),
            // It keeps the words of what it lets go, and counts with what earlier broadcasts froze.
            ("${Media.Arn}/frozen/*", &["s3:GetObject", "s3:PutObject"]),
            // Pictures of broadcasts stay; copies of photos that everybody saw are erased one day.
            ("${Pictures.Arn}/pictures/*", &["s3:GetObject", "s3:PutObject"]),
            ("${Pictures.Arn}/released/*", &["s3:PutObject", "s3:DeleteObject"]),
            // It looks at all queues, and hands back what failed.
            ("${EmergencyParts.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${RoutineParts.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${EmergencyRuns.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${RoutineRuns.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${InboxQueue.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${PhotoQueue.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${NoticeQueue.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${RelayQueue.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${InboxDeadLetterQueue.Arn}", DEAD_LETTERS),
            ("${PhotoDeadLetterQueue.Arn}", DEAD_LETTERS),
            ("${NoticeDeadLetterQueue.Arn}", DEAD_LETTERS),
            ("${RelayDeadLetterQueue.Arn}", DEAD_LETTERS),
            ("${SendingDeadLetters.Arn}", DEAD_LETTERS),
            // It signs links to photos, and makes copies for everybody.
            ("${Media.Arn}/reports/*", &["s3:GetObject"]),
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
    // It reads residents and writes ids: no way to LINE.
    Known {
        name: "planner",
        reads: PlannerEnvironment::VARIABLES,
        calls: &[
            ("${EmergencyParts.Arn}", &["sqs:SendMessage"]),
            ("${RoutineParts.Arn}", &["sqs:SendMessage"]),
            ("${EmergencyRuns.Arn}", &["sqs:SendMessage"]),
            ("${RoutineRuns.Arn}", &["sqs:SendMessage"]),
            ("${SendingDeadLetters.Arn}", &["sqs:SendMessage"]),
            ("${Media.Arn}/frozen/*", &["s3:GetObject", "s3:PutObject"]),
            ("${Media.Arn}", &["s3:ListBucket"]),
            ("${Table.Arn}/index/GSI1", &["dynamodb:Query"]),
            ("${Table.Arn}", &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"]),
        ],
    },
    // It sends what is frozen: it can change neither ids nor words.
    Known {
        name: "sender",
        reads: SenderEnvironment::VARIABLES,
        calls: &[
            ("${LineSecret.Id}", &["secretsmanager:GetSecretValue"]),
            ("${EmergencyRuns.Arn}", &["sqs:SendMessage"]),
            ("${RoutineRuns.Arn}", &["sqs:SendMessage"]),
            ("${SendingDeadLetters.Arn}", &["sqs:SendMessage"]),
            ("${Media.Arn}/frozen/*", &["s3:GetObject"]),
            (
                "${Table.Arn}",
                &[
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:Query",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                ],
            ),
        ],
    },
    Known {
        name: "janitor",
        reads: JanitorEnvironment::VARIABLES,
        calls: &[
            // It sends nothing: LINE tells it who follows, and how many messages the month has.
            ("${LineSecret.Id}", &["secretsmanager:GetSecretValue"]),
            ("${EmergencyParts.Arn}", &["sqs:SendMessage"]),
            ("${RoutineParts.Arn}", &["sqs:SendMessage"]),
            ("${EmergencyRuns.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            ("${RoutineRuns.Arn}", &["sqs:SendMessage", "sqs:GetQueueAttributes"]),
            // What was sent for a report that nobody filed is erased.
            ("${PhotoQueue.Arn}", &["sqs:SendMessage"]),
            ("${Media.Arn}/frozen/*", &["s3:GetObject"]),
            ("${Table.Arn}/index/GSI1", &["dynamodb:Query"]),
            (
                "${Table.Arn}",
                &[
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:Query",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:DeleteItem",
                ],
            ),
        ],
    },
    // It writes what others send: no resident, and no way to LINE.
    Known {
        name: "reminder",
        reads: ReminderEnvironment::VARIABLES,
        calls: &[
            ("${RoutineParts.Arn}", &["sqs:SendMessage"]),
            ("${Media.Arn}/frozen/*", &["s3:PutObject"]),
            ("${Table.Arn}/index/GSI1", &["dynamodb:Query"]),
            ("${Table.Arn}", &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"]),
        ],
    },
    // What it decodes anybody may have sent: no resident, no report, and nobody's photo to look at.
    Known {
        name: "photo",
        reads: PhotoEnvironment::VARIABLES,
        calls: &[
            ("${LineSecret.Id}", &["secretsmanager:GetSecretValue"]),
            ("${PhotoDeadLetterQueue.Arn}", &["sqs:SendMessage"]),
            ("${Media.Arn}/reports/*", &["s3:PutObject", "s3:DeleteObject"]),
            // A copy that everybody saw goes with its photo.
            ("${Pictures.Arn}/released/*", &["s3:DeleteObject"]),
            // Originals, until it has taken them over.
            ("${Media.Arn}/incoming/*", &["s3:GetObject", "s3:DeleteObject", "s3:ListBucket"]),
            ("${Table.Arn}", &["dynamodb:BatchGetItem", "dynamodb:UpdateItem"]),
        ],
    },
    // It tells what stands in reports, and writes nothing but that it did.
    Known {
        name: "notice",
        reads: NoticeEnvironment::VARIABLES,
        calls: &[
            ("${LineSecret.Id}", &["secretsmanager:GetSecretValue"]),
            ("${NoticeDeadLetterQueue.Arn}", &["sqs:SendMessage"]),
            ("${Table.Arn}", &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"]),
        ],
    },
    // It speaks to strangers: it reads reports and where to tell of them, and has no way to LINE.
    Known {
        name: "relay",
        reads: RelayEnvironment::VARIABLES,
        calls: &[
            ("${RelayQueue.Arn}", &["sqs:SendMessage"]),
            ("${RelayDeadLetterQueue.Arn}", &["sqs:SendMessage"]),
            ("${Table.Arn}", &["dynamodb:GetItem", "dynamodb:Query"]),
        ],
    },
    // Anybody may ask it. It has no way to LINE but to LINE's public keys, and to photos only by the links that it signs.
    Known {
        name: "portal",
        reads: PortalEnvironment::VARIABLES,
        calls: &[
            (
                "${Table.Arn}",
                &[
                    "dynamodb:GetItem",
                    "dynamodb:BatchGetItem",
                    "dynamodb:Query",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:DeleteItem",
                ],
            ),
            ("${Table.Arn}/index/GSI1", &["dynamodb:Query"]),
            ("${PhotoQueue.Arn}", &["sqs:SendMessage"]),
            ("${RelayQueue.Arn}", &["sqs:SendMessage"]),
            ("${Media.Arn}/incoming/*", &["s3:PutObject"]),
            ("${Media.Arn}/reports/*", &["s3:GetObject"]),
        ],
    },
];

/// What the code of a function of the template is.
pub(crate) fn known(function: Function<'_>) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == function.name())
}
