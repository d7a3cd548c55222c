//! The template broken in every way that a rule is there for: each break, made by exchanging a text, is complained of.

use crate::{complaints, text};

/// The text to exchange, what stands in its place, and what is complained of.
type Break = (&'static str, &'static str, &'static str);

const FUNCTIONS: &[Break] = &[
    ("Binary: webhook", "Binary: webhok", "there is no crate functions/webhok"),
    ("Binary: webhook", "Binary: inbox", "functions/webhook is not deployed"),
    ("Binary: webhook", "Binary: inbox", "another function is the crate inbox already"),
    ("CodeUri: functions/inbox", "CodeUri: functions/webhook", "CodeUri is not functions/inbox"),
    ("BuildMethod: rust-cargolambda", "BuildMethod: makefile", "not built by"),
    ("          INBOX_QUEUE_URL: !Ref InboxQueue\n", "", "Webhook: INBOX_QUEUE_URL is missing"),
    ("INBOX_QUEUE_URL: !Ref InboxQueue", "INBOX_QUEUE: !Ref InboxQueue", "Webhook: nobody reads INBOX_QUEUE"),
    ("INBOX_QUEUE_URL: !Ref InboxQueue", "INBOX_QUEUE_URL: !GetAtt InboxQueue.Arn", "Webhook: INBOX_QUEUE_URL is"),
    ("INBOX_QUEUE_URL: !Ref InboxQueue", "INBOX_QUEUE_URL: !Ref InboxDeadLetterQueue", "Webhook: INBOX_QUEUE_URL is"),
    ("TABLE_NAME: *table-name", "TABLE_NAME: !Ref Media", "Console: TABLE_NAME is"),
    (
        "INBOX_DEAD_LETTERS_URL: !Ref InboxDeadLetterQueue",
        "INBOX_DEAD_LETTERS_URL: !Ref InboxQueue",
        "Inbox: INBOX_DEAD_LETTERS_URL is",
    ),
    ("          INBOX_DEAD_LETTERS_URL: !Ref InboxDeadLetterQueue\n", "", "Inbox: INBOX_DEAD_LETTERS_URL is missing"),
    ("LINE_DATA_BASE: !Ref LineDataBase", "LINE_DATA_BASE: !Ref LineApiBase", "Inbox: LINE_DATA_BASE is"),
    (
        "LineSecret.Id\n          INBOX_QUEUE_URL:",
        "LineSecret.Id\n          TABLE_NAME: !Ref Table\n          INBOX_QUEUE_URL:",
        "Webhook: nobody reads TABLE_NAME",
    ),
    (
        "    Runtime: provided.al2023",
        "    Environment: { Variables: { LINE_API_BASE: x } }\n    Runtime: provided.al2023",
        "Webhook: nobody reads LINE_API_BASE",
    ),
    ("[OwnStaffPool, !Ref StaffPool, \"\"]", "[OwnStaffPool, !Ref StaffPoolClient, \"\"]", "Console: STAFF_POOL_ID is"),
    ("          STAFF_POOL_ID: !If [OwnStaffPool, !Ref StaffPool, \"\"]\n", "", "Console: STAFF_POOL_ID is missing"),
    ("Timeout: 60\n", "Timeout: 48\n", "Photo: may be ended before a call to the bucket is given up"),
    (
        "PHOTO_DEAD_LETTERS_URL: !Ref PhotoDeadLetterQueue",
        "PHOTO_DEAD_LETTERS_URL: !Ref PhotoQueue",
        "Photo: PHOTO_DEAD_LETTERS_URL is",
    ),
    (
        "NOTICE_DEAD_LETTERS_URL: !Ref NoticeDeadLetterQueue",
        "NOTICE_DEAD_LETTERS_URL: !Ref PhotoDeadLetterQueue",
        "Notice: NOTICE_DEAD_LETTERS_URL is",
    ),
    (
        "RELAY_DEAD_LETTERS_URL: !Ref RelayDeadLetterQueue",
        "RELAY_DEAD_LETTERS_URL: !Ref RelayQueue",
        "Relay: RELAY_DEAD_LETTERS_URL is",
    ),
    ("          RELAY_QUEUE_URL: !Ref RelayQueue\n", "", "Inbox: RELAY_QUEUE_URL is missing"),
    ("HOOKS_LOCAL: !Ref HooksLocal", "HOOKS_LOCAL: \"yes\"", "Console: HOOKS_LOCAL is"),
    ("Timeout: 5\n", "Timeout: 4\n", "Webhook: may be ended before a call to AWS is given up"),
    ("      Timeout: 6\n", "      Timeout: 4\n", "Inbox: may be ended before a call to LINE is given up"),
    ("[!Ref Architecture]", "[x86_64]", "the functions do not run on arm64 by default"),
    ("PICTURES_BASE: *pictures-base", "PICTURES_BASE: !Ref PicturesBase", "Portal: PICTURES_BASE is"),
    ("          PICTURES_BASE: *pictures-base\n", "", "Portal: PICTURES_BASE is missing"),
    ("Default: arm64", "Default: x86_64", "the functions do not run on arm64 by default"),
    ("MemorySize: 512", "MemorySize: 512\n      Architectures: [x86_64]", "Inbox: has /Architectures of its own"),
    ("provided.al2023", "provided.al2", "the runtime is not provided.al2023"),
];

const PERMISSIONS: &[Break] = &[
    ("Action: cognito-idp:AdminCreateUser", "Action: cognito-idp:AdminSetUserPassword", "AdminSetUserPassword"),
    ("Action: cognito-idp:AdminCreateUser", "Action: cognito-idp:*", "Console: may cognito-idp:*"),
    (
        "                  - dynamodb:DeleteItem\n                Resource: *table-arn\n              - Effect: Allow\n                Action: dynamodb:Query\n",
        "                  - dynamodb:DeleteItem\n                  - dynamodb:Scan\n                Resource: *table-arn\n              - Effect: Allow\n                Action: dynamodb:Query\n",
        "Portal: may dynamodb:Scan on ${Table.Arn}, and never does",
    ),
    (
        "Action: s3:PutObject\n",
        "Action: [s3:PutObject, s3:GetObject]\n",
        "Portal: may s3:GetObject on ${Media.Arn}/incoming/*",
    ),
    (
        "Resource: !GetAtt StaffPool.Arn",
        r#"Resource: "*""#,
        "Console: may not cognito-idp:AdminCreateUser on ${StaffPool.Arn}",
    ),
    ("Role: !GetAtt InboxRole.Arn", "Role: !GetAtt WebhookRole.Arn", ": shares its role WebhookRole"),
    ("      Role: !GetAtt InboxRole.Arn\n", "", "Inbox: no role in the template"),
    (
        "Role: !GetAtt InboxRole.Arn",
        "Role: !GetAtt InboxRole.Arn\n      Policies: [AmazonSQSFullAccess]",
        "does not spell out",
    ),
    ("Service: lambda.amazonaws.com", "Service: ec2.amazonaws.com", "somebody else than Lambda"),
    (
        "            Principal: { Service: lambda",
        "            Principal: { AWS: '*', Service: lambda",
        "somebody else than Lambda",
    ),
    (
        "  InboxLogs:",
        "  More: { Type: AWS::IAM::Policy, Properties: { Roles: [!Ref InboxRole] } }\n  InboxLogs:",
        "More: stands outside of its role",
    ),
    (
        "  InboxLogs:",
        "  Spare: { Type: AWS::IAM::Role, Properties: { Path: / } }\n  InboxLogs:",
        "Spare: is the role of no function",
    ),
    // An action or a wildcard more, on top or in place of what is needed.
    ("Action: sqs:SendMessage", "Action: sqs:*", "Webhook: may sqs:* on ${InboxQueue.Arn}, and never does"),
    ("Action: sqs:SendMessage", "Action: sqs:*", "Webhook: may not sqs:SendMessage on ${InboxQueue.Arn}"),
    ("dynamodb:Query,", "dynamodb:Query, 'dynamodb:*',", "Inbox: may dynamodb:* on ${Table.Arn}, and never does"),
    ("dynamodb:Query,", "dynamodb:Query, dynamodb:Scan,", "Inbox: may dynamodb:Scan on ${Table.Arn}, and never does"),
    (
        "Action: sqs:SendMessage",
        "Action: [sqs:SendMessage, sqs:PurgeQueue]",
        "Webhook: may sqs:PurgeQueue on ${InboxQueue.Arn}, and never does",
    ),
    // A resource more, or another one.
    ("Resource: *table-arn", "Resource: '*'", "Console: may dynamodb:GetItem on *, and never does"),
    (
        "Resource: *table-arn",
        "Resource: [!GetAtt Table.Arn, !Sub '${Table.Arn}/index/*']",
        "Console: may dynamodb:Query on ${Table.Arn}/index/*, and never does",
    ),
    (
        "Resource: *table-arn",
        "Resource: !Sub arn:aws:dynamodb:*:*:table/*",
        "may dynamodb:GetItem on arn:aws:dynamodb:*:*:table/*, and never does",
    ),
    ("Resource: *table-arn", "Resource: !Ref Table", "Console: may not dynamodb:GetItem on ${Table.Arn}"),
    (
        "Resource: !GetAtt InboxLogs.Arn",
        "Resource: !GetAtt WebhookLogs.Arn",
        "Inbox: may not logs:PutLogEvents on ${InboxLogs.Arn}",
    ),
    // What is needed is missing.
    ("Action: sqs:SendMessage", "Action: sqs:GetQueueUrl", "Webhook: may not sqs:SendMessage on ${InboxQueue.Arn}"),
    ("sqs:DeleteMessage, ", "", "Inbox: may not sqs:DeleteMessage on ${InboxQueue.Arn}"),
    (
        "                  - !GetAtt SendingDeadLetters.Arn\n",
        "",
        "Console: may not sqs:ReceiveMessage on ${SendingDeadLetters.Arn}",
    ),
    (
        "Resource: !GetAtt InboxDeadLetterQueue.Arn",
        "Resource: !GetAtt InboxQueue.Arn",
        "Inbox: may not sqs:SendMessage on ${InboxDeadLetterQueue.Arn}",
    ),
    (
        "Resource: !GetAtt InboxDeadLetterQueue.Arn",
        "Resource: [!GetAtt InboxDeadLetterQueue.Arn, !GetAtt InboxQueue.Arn]",
        "Inbox: may sqs:SendMessage on ${InboxQueue.Arn}, and never does",
    ),
    ("dynamodb:GetItem, ", "", "Inbox: may not dynamodb:GetItem on ${Table.Arn}"),
    (", dynamodb:UpdateItem]", "]", "Inbox: may not dynamodb:UpdateItem on ${Table.Arn}"),
    (
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret",
        "may not secretsmanager:GetSecretValue on ${LineSecret.Id}",
    ),
    ("  LineSecret:\n", "  Secret:\n", "GetSecretValue on ${LineSecret.Id} is no single action on a thing of ours"),
    // A statement that means something else than it seems to.
    (
        "Effect: Allow\n                Action: sqs:Send",
        "Effect: Deny\n                Action: sqs:Send",
        "Webhook: more than",
    ),
    (
        "Action: sqs:SendMessage\n                Resource",
        "Action: sqs:SendMessage\n                NotResource",
        "Webhook: more than an effect",
    ),
    ("Action: sqs:SendMessage", "NotAction: sqs:SendMessage", "Webhook: more than an effect"),
    (
        "                Action: sqs:SendMessage\n",
        "                Action: sqs:SendMessage\n                Condition: { Bool: { aws:SecureTransport: true } }\n",
        "Webhook: more than an effect",
    ),
    // What sends touches broadcasts only.
    ("['BROADCAST#*', SENDING]", "['BROADCAST#*', STAFF]", "Sender: more than an effect, actions and resources in"),
    ("['BROADCAST#*', SENDING]", "['BROADCAST#*', STAFF]", "Planner: is kept to its own in {}"),
    ("Condition: *outside-of-broadcasts", "Condition: *on-audit-log", "Sender: is kept to its own in {}"),
    ("['BROADCAST#*', REMINDERS, HEARTBEATS]", "['BROADCAST#*', SENDING]", "Reminder: is kept to its own in {}"),
    // What decodes what anybody may send touches photos only, and cannot look at those that are there.
    ("['PHOTO#*']", "['PHOTO#*', 'REPORT#*']", "Photo: more than an effect"),
    ("['PHOTO#*']", "['PHOTO#*', 'REPORT#*']", "Photo: is kept to its own in {}"),
    ("[s3:PutObject, s3:DeleteObject]", "[s3:GetObject, s3:PutObject, s3:DeleteObject]", "Photo: may s3:GetObject on"),
    ("${Media.Arn}/reports/*", "${Media.Arn}/*", "Photo: may s3:PutObject on ${Media.Arn}/*, and never does"),
    ("s3:prefix: incoming/*", "s3:prefix: '*'", "Photo: more than an effect"),
    (
        "s3:prefix: incoming/*",
        "s3:prefix: reports/*",
        "Photo: may s3:ListBucket on ${Media.Arn}/reports/*, and never does",
    ),
    (
        "                  StringLike:\n                    s3:prefix",
        "                  StringNotLike:\n                    s3:prefix",
        "Photo: more than an effect",
    ),
    // What tells reporters notes that in reports.
    ("['REPORT#*']", "['REPORT#*', 'RESIDENT#*']", "Notice: more than an effect"),
    ("['REPORT#*']", "['REPORT#*', 'RESIDENT#*']", "Notice: is kept to its own in {}"),
    // What erases reports removes by what they are found, and never a report.
    ("['CLOSED#*', 'NEAR#*',", "['REPORT#*', 'NEAR#*',", "Janitor: more than an effect"),
    ("['CLOSED#*', 'NEAR#*',", "['REPORT#*', 'NEAR#*',", "Janitor: is kept to its own in {}"),
    // What tells other systems sees what it tells.
    ("['REPORT#*', HOOKS,", "['REPORT#*', 'RESIDENT#*', HOOKS,", "Relay: more than an effect"),
    ("['REPORT#*', HOOKS,", "['REPORT#*', 'RESIDENT#*', HOOKS,", "Relay: is kept to its own in {}"),
    // The audit log is left as it is, and nothing but the audit log.
    (
        ", dynamodb:DeleteItem, dynamodb:BatchWriteItem]",
        "]",
        "Console: may dynamodb:DeleteItem the audit log in ${Table.Arn}",
    ),
    ("Action: dynamodb:UpdateItem", "Action: dynamodb:DeleteItem", "Inbox: may dynamodb:UpdateItem the audit log"),
    (
        "Action: dynamodb:UpdateItem",
        "Action: dynamodb:DeleteItem",
        "Inbox: is denied dynamodb:DeleteItem on ${Table.Arn}",
    ),
    // Strangers see what is theirs or everybody's, and write what they file.
    ("                      - TOWN#*\n", "                      - TOWN*\n", "Portal: more than an effect"),
    (
        "                      - BROADCASTS#sending\n                      - BROADCASTS#done\n",
        "                      - BROADCASTS#*\n",
        "Portal: may dynamodb:Query what is not to be shown in ${Table.Arn}/index",
    ),
    (
        "                      - REPORT#*\n                      - NEAR#*\n",
        "                      - REPORT*\n                      - NEAR#*\n",
        "Portal: may dynamodb:GetItem what is not to be shown",
    ),
    ("                      - API-KEYS\n", "                      - RESIDENT#*\n", "Portal: more than an effect"),
    ("ForAnyValue:StringNotLike", "ForAllValues:StringNotLike", "Portal: may dynamodb:GetItem what is not to be shown"),
    (
        "- [!GetAtt Table.Arn, !Sub \"${Table.Arn}/index/GSI1\"]",
        "- [!GetAtt Table.Arn]",
        "Portal: may dynamodb:Query what is not to be shown in ${Table.Arn}/index/GSI1",
    ),
    ("                      - CLOSED#*\n", "                      - AUDIT\n", "Portal: is kept to its own in {}"),
    (
        "never a photo's item.\n              - Effect: Deny\n                Action: dynamodb:DeleteItem\n",
        "never a photo's item.\n              - Effect: Deny\n                Action: dynamodb:UpdateItem\n",
        "Portal: may dynamodb:DeleteItem the audit log",
    ),
    (
        "                      - RESIDENT-SESSION#*\n                      - NEAR#*\n",
        "                      - RESIDENT-SESSION#*\n                      - REPORT#*\n                      - NEAR#*\n",
        "Portal: is kept to its own in {}",
    ),
    (
        "                Action: [dynamodb:PutItem, dynamodb:UpdateItem]\n",
        "                Action: [dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem]\n",
        "Portal: is kept to its own in {(\"dynamodb:DeleteItem\"",
    ),
    ("[AUDIT, 'AUDIT#*']", "[AUDIT]", "Inbox: more than an effect"),
    ("[AUDIT, 'AUDIT#*']", "['AUDIT*']", "Console: more than an effect"),
    // Of several keys one that is of the log is enough; and where there is none, nothing is denied.
    ("ForAnyValue:StringLike", "ForAllValues:StringLike", "Console: more than an effect"),
    ("                Condition: *on-audit-log\n", "", "Console: more than an effect"),
    ("LogGroup: !Ref InboxLogs", "LogGroup: !Ref WebhookLogs", ": shares its log group WebhookLogs"),
    ("        LogGroup: !Ref InboxLogs\n", "        LogFormat: JSON\n", "Inbox: no log group in the template"),
    ("      RetentionInDays: !Ref LogRetentionDays\n", "", "kept for ever"),
    ("/aws/lambda/${AWS::StackName}-inbox", "/aws/lambda/inbox", "InboxLogs: not called after Inbox"),
    ("FunctionName: !Sub ${AWS::StackName}-inbox", "FunctionName: inbox", "Inbox: not called"),
];

const QUEUES: &[Break] = &[
    (
        "deadLetterTargetArn: !GetAtt InboxDeadLetterQueue.Arn",
        "deadLetterTargetArn: arn:aws:sqs:ap-northeast-1:1:other.fifo",
        "InboxQueue: no dead-letter queue",
    ),
    ("maxReceiveCount: 600", "maxReceiveCount: 5", "InboxQueue: gives up after 5 receptions in 180 s"),
    ("maxReceiveCount: 600", "maxReceiveCount: 1001", "InboxQueue: gives up after 1001 receptions"),
    ("MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 21600", "InboxQueue: throws messages away before"),
    (
        "MessageRetentionPeriod: 1209600",
        "MessageRetentionPeriod: 345600",
        "InboxDeadLetterQueue: does not keep messages for 14 days",
    ),
    ("-dead-letters.fifo\n      FifoQueue: true", "-dead-letters", "is FIFO, the other is not"),
    ("!GetAtt InboxDeadLetterQueue.QueueName", "!GetAtt InboxQueue.QueueName", "InboxDeadLetterQueue: no alarm"),
    ("ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent", "InboxDeadLetterQueue: no alarm"),
    ("-inbox.fifo", "-inbox", "InboxQueue: called"),
    ("!Sub ${AWS::StackName}-inbox.fifo", "inbox.fifo", "InboxQueue: called"),
    ("      Timeout: 6\n", "      Timeout: 7\n", "InboxQueue: 36 s invisible, but Inbox may take 7 s"),
    ("      VisibilityTimeout: 36\n", "", "InboxQueue: 30 s invisible, but Inbox may take 6 s"),
    ("            FunctionResponseTypes: [ReportBatchItemFailures]\n", "", "one failure brings the whole batch"),
    ("Queue: !GetAtt InboxQueue.Arn", "Queue: arn:aws:sqs:ap-northeast-1:1:other.fifo", "not in the template"),
    ("VisibilityTimeout: 36", "VisibilityTimeout: 60", "when its reply token is spent"),
    ("MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 604800", "when nobody remembers it"),
    ("maxReceiveCount: 245", "maxReceiveCount: 100", "PhotoQueue: gives up after 100 receptions in 36000 s"),
    ("maxReceiveCount: 245", "maxReceiveCount: 230", "PhotoQueue: gives a photo up before Photo does"),
    ("      Timeout: 6\n", "      Timeout: 8\n", "Inbox: may write a photo after it is looked for"),
    ("!GetAtt PhotoDeadLetterQueue.QueueName", "!GetAtt PhotoQueue.QueueName", "PhotoDeadLetterQueue: no alarm"),
    ("maxReceiveCount: 240", "maxReceiveCount: 480", "NoticeQueue: gives up after 480 receptions in 86400 s"),
    ("VisibilityTimeout: 180", "VisibilityTimeout: 120", "NoticeQueue: 120 s invisible, but Notice may take 30 s"),
    ("maxReceiveCount: 360", "maxReceiveCount: 240", "RelayQueue: gives up after 240 receptions in 57600 s"),
    ("VisibilityTimeout: 240", "VisibilityTimeout: 150", "RelayQueue: 150 s invisible, but Relay may take 30 s"),
    ("!GetAtt RelayDeadLetterQueue.QueueName", "!GetAtt RelayQueue.QueueName", "RelayDeadLetterQueue: no alarm"),
    ("RELAY_QUEUE_URL: !Ref RelayQueue", "RELAY_QUEUE_URL: !Ref NoticeQueue", "Inbox: RELAY_QUEUE_URL is"),
    ("!GetAtt NoticeDeadLetterQueue.QueueName", "!GetAtt NoticeQueue.QueueName", "NoticeDeadLetterQueue: no alarm"),
];

const SENDING: &[Break] = &[
    ("PHOTO_QUEUE_URL: !Ref PhotoQueue", "PHOTO_QUEUE_URL: !Ref NoticeQueue", "Inbox: PHOTO_QUEUE_URL is"),
    ("NOTICE_QUEUE_URL: !Ref NoticeQueue", "NOTICE_QUEUE_URL: !Ref PhotoQueue", "Console: NOTICE_QUEUE_URL is"),
    ("Timeout: 45", "Timeout: 50", "Sender: lives 50 s instead of 45 s"),
    (
        "EMERGENCY_SENDERS: !Ref EmergencySenders",
        "EMERGENCY_SENDERS: !Ref RoutineSenders",
        "Sender: EMERGENCY_SENDERS is",
    ),
    (
        "MaximumConcurrency: !Ref EmergencySenders",
        "MaximumConcurrency: !Ref RoutineSenders",
        "EmergencyRuns: wakes {\"Ref\":\"RoutineSenders\"} senders, and they count with",
    ),
    (
        "            ScalingConfig:\n              MaximumConcurrency: !Ref RoutineSenders\n",
        "",
        "RoutineRuns: wakes null senders",
    ),
    ("MaxValue: 175", "MaxValue: 176", "the lanes may call LINE 200 times"),
    ("    MaxValue: 24\n", "", "the lanes may call LINE 200 times"),
    ("BatchSize: 1\n", "BatchSize: 2\n", "EmergencyRuns: Sender takes several at once"),
    ("rate(1 minute)", "rate(2 minutes)", "Janitor: does not look every minute"),
    ("Type: ScheduleV2", "Type: Schedule", "Janitor: does not look every minute"),
    ("Timeout: 60\n", "Timeout: 59\n", "Janitor: lives 59 s, which does not suit imports"),
    ("Timeout: 60\n", "Timeout: 91\n", "Janitor: lives 91 s, which does not suit imports"),
    ("          LINE_SECRET_ID: !GetAtt LineSecret.Id\n", "", "Janitor: LINE_SECRET_ID is missing"),
    (
        "      EventInvokeConfig:\n        MaximumRetryAttempts: 0\n",
        "",
        "Janitor: looks again although the next minute comes by itself",
    ),
    (
        "!GetAtt EmergencyRuns.QueueName",
        "!GetAtt RoutineRuns.QueueName",
        "EmergencyRuns: no alarm tells of an emergency",
    ),
    ("!GetAtt EmergencyParts.QueueName", "!GetAtt RoutineParts.QueueName", "EmergencyParts: no alarm tells of an"),
    ("      ReservedConcurrentExecutions: !If", "      ReservedConcurrency: !If", "Portal: cannot be bounded"),
    ("Default: 0\n", "Default: 20\n", "PortalConcurrency: is reserved where nothing can be"),
    ("broadcast of a rule held", "held", "no alarm tells that planner says"),
    ("its hour is past", "too late", "no alarm tells that janitor says"),
    (
        "MessagesNotVisible\n      Dimensions: [{ Name: QueueName, Value: !GetAtt RoutineParts.QueueName }]",
        "MessagesNotVisible\n      Dimensions: [{ Name: QueueName, Value: !GetAtt RoutineRuns.QueueName }]",
        "RoutineParts: no alarm tells of a routine broadcast",
    ),
    ("DatapointsToAlarm: 20\n      Threshold: 1\n", "Threshold: 9\n", "RoutineRuns: no alarm tells of a routine"),
    ("broadcast rests until", "rests until", "no alarm tells that sender says"),
    ("closed with residents that", "closed with", "no alarm tells that janitor says: broadcast closed with residents"),
    ("LogGroupName: !Ref PlannerLogs", "LogGroupName: !Ref SenderLogs", "no alarm tells that planner says"),
    ("          MetricName: HeldBroadcasts", "          MetricName: Held", "no alarm tells that planner says"),
    (
        "Namespace: !Ref AWS::StackName\n      Metric",
        "Namespace: AWS/Logs\n      Metric",
        "no alarm tells that planner says",
    ),
    ("a reminder does not go", "reminder", "no alarm tells that reminder says"),
    ("LogGroupName: !Ref ReminderLogs", "LogGroupName: !Ref SenderLogs", "no alarm tells that reminder says"),
    ("cron(* * * * ? *)", "cron(*/2 * * * ? *)", "Reminder: is not told each minute"),
    ("<aws.scheduler.scheduled-time>", "<aws.scheduler.execution-id>", "Reminder: is not told each minute"),
    ("Timeout: 60\n", "Timeout: 40\n", "Reminder: may be ended before it stops by itself"),
    (
        "      EventInvokeConfig:\n        MaximumRetryAttempts: 0\n",
        "",
        "Reminder: looks again although the next minute comes by itself",
    ),
    (
        "MaximumEventAgeInSeconds: 60\n      Environment",
        "MaximumEventAgeInSeconds: 21600\n      Environment",
        "Reminder: writes in the name of a minute that is long past",
    ),
    (
        "Action: s3:PutObject\n",
        "Action: [s3:GetObject, s3:PutObject]\n",
        "Reminder: may s3:GetObject on ${Media.Arn}/frozen/*, and never does",
    ),
    (
        "Resource: !GetAtt RoutineParts.Arn\n",
        "Resource: [!GetAtt EmergencyParts.Arn, !GetAtt RoutineParts.Arn]\n",
        "Reminder: may sqs:SendMessage on ${EmergencyParts.Arn}, and never does",
    ),
    ("!GetAtt SendingDeadLetters.QueueName", "!GetAtt RoutineRuns.QueueName", "SendingDeadLetters: no alarm"),
    ("ExpirationInDays: 400", "ExpirationInDays: 300", "Media: does not keep frozen/ for a year"),
    ("Prefix: frozen/", "Prefix: freezing/", "Media: does not keep frozen/ for a year"),
    ("VisibilityTimeout: 60\n", "VisibilityTimeout: 45\n", "EmergencyRuns: 45 s invisible, but Sender may take 45 s"),
    (
        "VisibilityTimeout: 360\n",
        "VisibilityTimeout: 300\n",
        "RoutineParts: 300 s invisible, but Planner may take 60 s",
    ),
    ("maxReceiveCount: 300", "maxReceiveCount: 100", "RoutineRuns: gives up after 100 receptions in 6000 s"),
    (
        "EMERGENCY_PARTS_URL: !Ref EmergencyParts",
        "EMERGENCY_PARTS_URL: !Ref RoutineParts",
        "Janitor: EMERGENCY_PARTS_URL is",
    ),
    ("          ROUTINE_RUNS_URL: !Ref RoutineRuns\n", "", "Sender: ROUTINE_RUNS_URL is missing"),
    ("MEDIA_BUCKET: !Ref Media", "MEDIA_BUCKET: !Ref Table", "Planner: MEDIA_BUCKET is"),
    (
        "SENDING_DEAD_LETTERS_URL: !Ref SendingDeadLetters",
        "SENDING_DEAD_LETTERS_URL: !Ref InboxDeadLetterQueue",
        "Sender: SENDING_DEAD_LETTERS_URL is",
    ),
    ("${Media.Arn}/frozen/*", "${Media.Arn}/*", "Sender: may s3:GetObject on ${Media.Arn}/*, and never does"),
    (
        "Action: s3:GetObject",
        "Action: [s3:GetObject, s3:PutObject]",
        "Sender: may s3:PutObject on ${Media.Arn}/frozen/*",
    ),
    ("${Table.Arn}/index/GSI1", "${Table.Arn}/index/*", "Janitor: may dynamodb:Query on ${Table.Arn}/index/*"),
    (
        "Action: sqs:GetQueueAttributes",
        "Action: sqs:PurgeQueue",
        "Janitor: may not sqs:GetQueueAttributes on ${RoutineRuns.Arn}",
    ),
];

const KEEPING: &[Break] = &[
    (
        "{ AttributeName: SK, KeyType: RANGE }",
        "{ AttributeName: sk, KeyType: RANGE }",
        "Table: its keys are not PK and SK",
    ),
    ("AttributeName: expires", "AttributeName: ttl", "Table: does not forget by `expires`"),
    ("PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false", "Table: cannot be brought back"),
    ("DeletionProtectionEnabled: true", "DeletionProtectionEnabled: false", "Table: may be deleted by a click"),
    ("DeletionPolicy: Retain\n", "DeletionPolicy: Delete\n", "Table: goes with the stack"),
    ("UpdateReplacePolicy: Retain\n", "UpdateReplacePolicy: Delete\n", "Table: goes when it is replaced"),
    ("Type: AWS::DynamoDB::Table", "Type: AWS::DynamoDB::GlobalTable", "there is not one table"),
    // Where another table is used, it is everywhere.
    ("TABLE_NAME: *table-name", "TABLE_NAME: !Ref Table", "the stack's own table at /Resources/Console/"),
    ("    Value: *table-name\n", "    Value: !Ref Table\n", "the stack's own table at /Outputs/TableName/"),
    ("Resource: *table-arn", "Resource: !GetAtt Table.Arn", "the stack's own table at /Resources/ConsoleRole/"),
    ("Resource: *table-index", "Resource: !Sub ${Table.Arn}/index/GSI1", "the stack's own table at /Resources/"),
    ("!If [OtherTable, !Ref TableInUse,", "!If [OtherTable, !Ref Table,", "another table is not used in"),
    ("table/${TableInUse}\n", "table/*\n", "another table is not used in"),
    ("table/${TableInUse}/index/GSI1\n", "table/${TableInUse}/index/*\n", "another table is not used in"),
    // What is deleted comes back for some days, and no longer.
    ("      VersioningConfiguration:\n", "      Versioning:\n", "Media: what is deleted by mistake is gone at once"),
    ("NoncurrentDays: 7", "NoncurrentDays: 70", "Media: keeps what was erased"),
    ("ExpiredObjectDeleteMarker: true", "ExpiredObjectDeleteMarker: false", "Media: keeps what was erased"),
    ("NoncurrentDays: 1\n", "NoncurrentDays: 2\n", "Media: keeps originals of photos"),
    ("BlockPublicPolicy: true", "BlockPublicPolicy: false", "Media: no BlockPublicPolicy"),
    ("aws:SecureTransport: \"false\"", "aws:SecureTransport: \"true\"", "Media: served over plain HTTP"),
    ("              - !Sub ${Media.Arn}/*\n", "", "Media: served over plain HTTP"),
    ("BucketEncryption:", "BucketEncription:", "Media: not encrypted"),
    ("Action: s3:GetObject\n", "Action: s3:*\n", "Pictures: open for more than fetching pictures"),
    ("${Pictures.Arn}/pictures/*\n", "${Pictures.Arn}/*\n", "Pictures: open for more than fetching pictures"),
    ("              - !Sub ${Pictures.Arn}/released/*\n", "", "Pictures: open for more than fetching pictures"),
    (
        "${Pictures.Arn}/released/*\n",
        "${Pictures.Arn}/pictures/*\n",
        "Photo: may s3:DeleteObject on ${Pictures.Arn}/pictures/*, and never does",
    ),
    ("DeletionPolicy: RetainExceptOnCreate", "DeletionPolicy: Delete", "Media: goes with the stack"),
    ("DeletionPolicy: RetainExceptOnCreate", "DeletionPolicy: Delete", "LineSecret: goes with the stack"),
    (
        "  AlarmEmail:\n    Type: String",
        "  ChannelSecret:\n    Type: String\n  AlarmEmail:\n    Type: String",
        "the parameter ChannelSecret asks for a secret",
    ),
    (
        "LINE_SECRET_ID: !GetAtt LineSecret.Id",
        "LINE_SECRET: '{{resolve:secretsmanager:line}}'",
        "LINE_SECRET holds a secret, not its name",
    ),
    (
        "\"channelSecret\":\"FILL_IN\"",
        "\"channelSecret\":\"0123456789abcdef\"",
        "LineSecret: the template holds its value",
    ),
];

const UPLOADS: &[Break] = &[
    ("AllowedMethods: [PUT]", "AllowedMethods: [GET, PUT]", "Media: browsers may do more"),
    ("AllowedHeaders: [content-type]", "AllowedHeaders: ['*']", "Media: browsers may do more"),
    ("AllowedMethods: [PUT]", "AllowedMethods: []", "Media: browsers may do more than put a file, or not even that"),
    ("      CorsConfiguration:\n", "      Cors:\n", "Media: browsers put something of which nobody is told"),
    ("s3:ObjectCreated:*", "s3:ObjectRemoved:*", "Media: tells of something else"),
    ("Value: incoming/ }", "Value: reports/ }", "Media: tells of something else"),
    (
        "            Queue: !GetAtt PhotoQueue.Arn\n            Filter",
        "            Queue: !GetAtt NoticeQueue.Arn\n            Filter",
        "Media: tells of something else",
    ),
    ("      NotificationConfiguration:\n", "      Notification:\n", "there is not one bucket of uploads"),
    (
        "            Prefix: incoming/\n            ExpirationInDays: 7\n",
        "            Prefix: incoming/\n            ExpirationInDays: 8\n",
        "Media: does not forget uploads",
    ),
    ("    DependsOn: PhotoQueuePolicy\n", "", "Media: may be made before it may tell"),
    ("tries >= 11", "tries >= 9", "PhotosWait: goes off for a photo that was never uploaded"),
    ("Queues: [!Ref PhotoQueue]", "Queues: [!Ref NoticeQueue]", "PhotoQueuePolicy: lets in more"),
    ("Queues: [!Ref PhotoQueue]", "Queues: [!Ref NoticeQueue]", "Media: may be made before it may tell"),
    ("Principal: { Service: s3.amazonaws.com }", "Principal: '*'", "PhotoQueuePolicy: lets in more"),
    (
        "                aws:SourceAccount: !Ref AWS::AccountId\n",
        "                aws:SourceAccount: '1'\n",
        "PhotoQueuePolicy: lets in more",
    ),
];

const STAGES: &[Break] = &[
    (
        "UserPoolName: !Sub ${AWS::StackName}-staff",
        "UserPoolName: staff",
        "StaffPool: UserPoolName is the same in every",
    ),
    (
        "Domain: !Sub ${AWS::StackName}-${AWS::AccountId}",
        "Domain: !Ref AWS::AccountId",
        "StaffPoolDomain: Domain is the same",
    ),
    (
        "LogGroupName: !Sub /aws/lambda/${AWS::StackName}-webhook",
        "LogGroupName: /aws/lambda/kairan-webhook",
        "WebhookLogs: LogGroupName is the same in every stack",
    ),
    ("QueueName: !Sub ${AWS::StackName}-notices", "QueueName: notices", "NoticeQueue: QueueName is the same in every"),
    (
        "            Name: !Sub ${AWS::StackName}-janitor\n",
        "",
        "Janitor: its schedule Tick has no name of this stack's",
    ),
    ("Name: !Sub ${AWS::StackName}-reminder\n", "Name: reminder\n", "Reminder: Name is the same in every stack"),
];

const WATCHING: &[Break] = &[
    ("See WebhookFails in infra/guide/runbook.md.", "", "WebhookFails: does not say where it stands what to do"),
    ("  WebhookFails:\n", "  WebhookIsBad:\n", "WebhookIsBad: has no heading of its own in the runbook"),
    ("&somebody-is-told [!Ref Alarms]", "&somebody-is-told []", "InboxGaveUp: tells nobody"),
    (
        "Type: AWS::SNS::Topic\n",
        "Type: AWS::SNS::Topic\n    Condition: SomebodyIsTold\n",
        "Alarms: is not always there",
    ),
    ("Service: cloudwatch.amazonaws.com", "Service: s3.amazonaws.com", "Alarms: others than alarms of this account"),
    ("policy/AWSDenyAll", "policy/AdministratorAccess", "SlackChannel: something can be done from there"),
    ("    Condition: TeamsAreTold\n", "", "TeamsChannel: is not told of alarms where somebody wants it"),
    (
        "      TreatMissingData: breaching\n",
        "      TreatMissingData: missing\n",
        "Janitor: nobody is told when it is not called",
    ),
    (
        "EvaluationPeriods: 2\n      Threshold: 1\n",
        "EvaluationPeriods: 3\n      Threshold: 1\n",
        "Reminder: nobody is told when it is not called",
    ),
    ("LogGroupName: !Ref PortalLogs", "LogGroupName: !Ref PhotoLogs", "Portal: nobody is told of pages that fail"),
    (
        "MetricName: PageErrors\n      Statistic",
        "MetricName: Errors\n      Statistic",
        "PageErrors: counted and looked at do not match",
    ),
    (
        "MetricName: Errors\n      Dimensions: [{ Name: FunctionName, Value: !Ref Relay }]",
        "MetricName: Errors\n      Dimensions: [{ Name: FunctionName, Value: !Ref Photo }]",
        "Relay: nobody is told when it cannot start",
    ),
    ("DatapointsToAlarm: 3\n", "DatapointsToAlarm: 4\n", "Console: nobody is told when it cannot start"),
    ("unfollows above normal\"", "many unfollow\"", "no alarm tells that janitor says: unfollows above normal"),
    ("LINE does not take our credentials", "LINE is odd", "no alarm tells that notice says"),
    ("{\"widgets\": [", "{\"widgets\": ", "Dashboard: is no JSON"),
    ("\"${InboxQueue.QueueName}\"", "\"${OutboxQueue.QueueName}\"", "which is not there"),
    ("\"HeldBroadcasts\", {", "\"HeldBroadcast\", {", "which is not there"),
    ("\"Url5xxCount\", \"", "\"Url6xxCount\", \"", "which is not there"),
    (
        "Dimensions: [{ Name: QueueName, Value: !GetAtt InboxQueue.QueueName }]",
        "Dimensions: [{ Name: QueueName, Value: !GetAtt NoticeQueue.QueueName }]",
        "InboxWaits: trusts an age that leaves out what comes again",
    ),
    ("Threshold: 60\n", "Threshold: 800\n", "EmergencyIsNotFrozen: trusts an age that leaves out what comes again"),
    ("message comes again and again", "message comes", "Photo: nobody is told of what comes again and again"),
    ("tries >= 31", "tries >= 3", "Relay: nobody is told of what comes again and again"),
    ("Period: 900\n", "Period: 300\n", "Notice: nobody is told of what comes again and again"),
    (
        "TreatMissingData: ignore\n",
        "TreatMissingData: notBreaching\n",
        "SendingGaveUp: is called off when its queue falls silent",
    ),
    (
        "EvaluationPeriods: 60\n      DatapointsToAlarm: 3\n",
        "EvaluationPeriods: 3\n      DatapointsToAlarm: 3\n",
        "nobody is told of a webhook that fails where few write",
    ),
    ("    Tracing: !Ref Tracing\n", "    Tracing: Active\n", "Tracing: is no switch that is off by itself"),
    ("        - !Ref PhotoRole\n", "", "PhotoRole: does not fit who may write traces"),
    ("    Condition: CallsAreTraced\n", "", "MayTrace: stands outside of its role"),
    ("[xray:PutTraceSegments, xray:PutTelemetryRecords]", "[xray:*]", "MayTrace: stands outside of its role"),
];

const GUIDE: &[Break] = &[
    (
        "FunctionName: !Sub ${AWS::StackName}-sender",
        "FunctionName: !Sub ${AWS::StackName}-shipper",
        "runbook.md: there is no スタックの名前-sender",
    ),
    ("  TableName:\n    Description:", "  TableInIt:\n    Description:", "restore.md: there is no TableName"),
    ("  InboxWaits:\n", "  InboxLingers:\n", "README.md: there is no InboxWaits"),
];

#[test]
fn every_break_is_complained_of() {
    let mut unheard = Vec::new();
    for (from, to, complaint) in
        [FUNCTIONS, PERMISSIONS, QUEUES, SENDING, KEEPING, UPLOADS, STAGES, WATCHING, GUIDE].concat()
    {
        assert!(text().contains(from), "the template does not hold {from:?} any more: break it elsewhere");
        let heard = complaints(&text().replace(from, to));
        if !heard.iter().any(|one| one.contains(complaint)) {
            unheard.push(format!("{from:?} -> {to:?}: expected {complaint:?}, heard {heard:?}"));
        }
    }
    assert!(unheard.is_empty(), "{}", unheard.join("\n"));
}
