"""What each function is told at its start, which services it uses, and an event with which it has little to do."""

import json
from base64 import b64encode
from hashlib import md5, sha256
from hmac import digest
from typing import NamedTuple

BROADCAST = "0199aaaa-0000-7000-8000-000000000002"
REPORT = "0199aaaa-0000-7000-8000-000000000001"
RESIDENT = "U4af4980629d9b9a87a4bb0f2b0a2b8a1"
CHANNEL_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
DOMAIN = "abcdefghij.execute-api.ap-northeast-1.amazonaws.com"
AT_MS = 1_775_001_600_000

QUEUES = (
    "INBOX_QUEUE_URL",
    "INBOX_DEAD_LETTERS_URL",
    "EMERGENCY_PARTS_URL",
    "ROUTINE_PARTS_URL",
    "EMERGENCY_RUNS_URL",
    "ROUTINE_RUNS_URL",
    "SENDING_DEAD_LETTERS_URL",
    "PHOTO_QUEUE_URL",
    "PHOTO_DEAD_LETTERS_URL",
    "NOTICE_QUEUE_URL",
    "NOTICE_DEAD_LETTERS_URL",
    "RELAY_QUEUE_URL",
    "RELAY_DEAD_LETTERS_URL",
)


def told_by_lambda(address):
    """What Lambda itself says to a function; AWS is at the address, too."""
    return {
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_REGION": "ap-northeast-1",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "test",
        "AWS_ENDPOINT_URL": f"http://{address}",
    }


def told_by_template(address):
    """What template.yaml says to the functions, to all of them alike; nothing of it leads to another machine."""
    here = f"http://{address}"
    return {name: f"{here}/000000000000/{name.lower()}" for name in QUEUES} | {
        "TABLE_NAME": "kairan",
        "MEDIA_BUCKET": "media",
        "PICTURES_BUCKET": "pictures",
        "PICTURES_BASE": "https://pictures.example",
        "LINE_SECRET_ID": "line",
        "LINE_API_BASE": here,
        "LINE_DATA_BASE": here,
        "LIFF_ID": "1234567890-AbCdEfGh",
        "MAP_TILES": "https://tiles.example/{z}/{x}/{y}.png",
        "EMERGENCY_CALLS_PER_SECOND": "170",
        "EMERGENCY_SENDERS": "5",
        "ROUTINE_CALLS_PER_SECOND": "20",
        "ROUTINE_SENDERS": "2",
        "STAFF_ISSUER": "https://issuer.example",
        "STAFF_CLIENT_ID": "console",
        "STAFF_POOL_ID": "ap-northeast-1_Example",
        "STAFF_EMAIL_TRUST": "verified",
    }


def put(asked):
    """How SQS answers to a batch."""
    taken = [
        {"Id": one["Id"], "MessageId": one["Id"], "MD5OfMessageBody": md5(one["MessageBody"].encode()).hexdigest()}
        for one in asked["Entries"]
    ]
    return {"Successful": taken, "Failed": []}


# What an AWS answers whose table and queues are empty.
ANSWERS = {
    "BatchGetItem": {"Responses": {}, "UnprocessedKeys": {}},
    "GetItem": {},
    "GetSecretValue": {
        "ARN": "arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:line",
        "Name": "line",
        "SecretString": json.dumps({"channelId": "1234567890", "channelSecret": CHANNEL_SECRET}),
    },
    "PutItem": {},
    "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
    "ReceiveMessage": {},
    "SendMessageBatch": put,
    "TransactWriteItems": {},
    "UpdateItem": {},
}


def message(body):
    """A batch of one message, as a queue hands it over."""
    record = {
        "messageId": "8f6d6a3e-0000-4000-8000-000000000003",
        "receiptHandle": "receipt",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(AT_MS), "MessageGroupId": RESIDENT},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:ap-northeast-1:000000000000:queue",
        "awsRegion": "ap-northeast-1",
    }
    return {"Records": [record]}


def request(method, path, headers, body="", cookies=()):
    """A request, as a function URL or an HTTP API hands it on."""
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.9", "userAgent": "Mozilla/5.0"}
    context = {
        "accountId": "anonymous",
        "apiId": "abcdefghij",
        "domainName": DOMAIN,
        "domainPrefix": "abcdefghij",
        "requestId": "8f6d6a3e-0000-4000-8000-000000000002",
        "routeKey": "$default",
        "stage": "$default",
        "time": "01/Apr/2026:00:00:00 +0000",
        "timeEpoch": AT_MS,
        "http": http,
    }
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": DOMAIN, "accept": "text/html", "accept-language": "ja"} | headers,
        "cookies": list(cookies),
        "requestContext": context,
        "body": body,
        "isBase64Encoded": False,
    }


def delivered(event):
    """An event as LINE delivers it, signed."""
    body = json.dumps({"destination": RESIDENT, "events": [event]})
    signature = b64encode(digest(CHANNEL_SECRET.encode(), body.encode(), sha256)).decode()
    return request("POST", "/", {"content-type": "application/json; charset=utf-8", "x-line-signature": signature}, body)


# LINE is not asked for anything after this.
LEFT = {
    "type": "unfollow",
    "mode": "active",
    "timestamp": AT_MS,
    "source": {"type": "user", "userId": RESIDENT},
    "webhookEventId": "01HW0000000000000000000001",
    "deliveryContext": {"isRedelivery": False},
}


class Function(NamedTuple):
    """A function: the services of which its `wiring.rs` makes clients, and an event."""

    services: tuple
    event: object


DYNAMODB, S3, SQS, SECRETS, COGNITO = "DynamoDB", "S3", "SQS", "SecretsManager", "CognitoIdentityProvider"
FUNCTIONS = {
    "webhook": Function((SECRETS, SQS), delivered(LEFT)),
    "inbox": Function((DYNAMODB, SECRETS, SQS), message({"v": 1, "received_at": AT_MS, "event": LEFT})),
    "console": Function(
        (COGNITO, DYNAMODB, S3, SECRETS, SQS), request("GET", "/", {}, cookies=[f"__Host-kairan={BROADCAST}.{'A' * 43}"])
    ),
    "portal": Function((DYNAMODB, S3, SQS), request("GET", "/news", {})),
    "planner": Function((DYNAMODB, S3, SQS), message({"v": 1, "broadcast": BROADCAST, "lane": "routine", "part": 0})),
    "sender": Function((DYNAMODB, S3, SECRETS, SQS), message({"v": 1, "broadcast": BROADCAST, "lane": "routine", "part": 0, "run": 0})),
    "janitor": Function((DYNAMODB, S3, SECRETS, SQS), {}),
    "reminder": Function((DYNAMODB, S3, SQS), {"scheduled": "2026-04-01T00:00:00Z"}),
    "photo": Function((DYNAMODB, S3, SECRETS, SQS), message({"v": 1, "photo": REPORT, "message": "468789577898262530"})),
    "notice": Function((DYNAMODB, SECRETS, SQS), message({"v": 1, "report": REPORT, "entry": 3})),
    "relay": Function((DYNAMODB, SQS), message({"v": 1, "report": REPORT, "change": 3})),
}
