"""What `webhook` does, in Python: checks the signature, splits the events, puts them into the inbox queue.

line-bot-sdk checks and parses, boto3 reads the secret and queues.
"""

import base64
import json
import os
import time

import boto3
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.webhook import WebhookParser

BATCH = 10

secrets = boto3.client("secretsmanager")
queue = boto3.client("sqs")
parser = None


def channel_parser():
    answer = secrets.get_secret_value(SecretId=os.environ["LINE_SECRET_ID"])
    return WebhookParser(json.loads(answer["SecretString"])["channelSecret"])


def entries_of(body, signature, webhook_parser, now):
    """A genuine webhook's events as entries for the queue; raises InvalidSignatureError for others.

    The SDK's objects address the events. What is queued is the JSON as it came: the objects have lost the fields that
    the SDK does not know, and take longer to write than a second reading of the body.
    """
    events = webhook_parser.parse(body, signature)
    return [
        entry(index, event.source.user_id, event.webhook_event_id, raw, now)
        for index, (event, raw) in enumerate(zip(events, json.loads(body)["events"]))
    ]


def entry(index, user_id, event_id, raw, now):
    """An event as an entry for the queue."""
    return {
        "Id": str(index % BATCH),
        "MessageGroupId": user_id,
        "MessageDeduplicationId": event_id,
        "MessageBody": json.dumps({"v": 1, "received_at": now, "event": raw}),
    }


def handler(request):
    global parser
    parser = parser or channel_parser()
    body = request["body"]
    if request.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    try:
        entries = entries_of(body, request["headers"].get("x-line-signature", ""), parser, time.time_ns() // 1_000_000)
    except InvalidSignatureError:
        return {"statusCode": 401}
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        if queue.send_message_batch(QueueUrl=os.environ["INBOX_QUEUE_URL"], Entries=batch).get("Failed"):
            return {"statusCode": 503}
    return {"statusCode": 200}
