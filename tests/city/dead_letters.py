"""What a function will never understand lies in the dead-letter queue of its queue at once, and says why: each queue of a running city is tried.

    KAIRAN_CITY=city-of-tests target/city/venv/bin/python tests/city/dead_letters.py

For the queues' own count of attempts to run out would take hours, so that the function itself put it there. Comes when the other tests are over: for a
while it hides what else lies there.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parents[2]
NAME = os.environ.get("KAIRAN_CITY") or "city"

PATIENCE = 60.0
"""Seconds in which the message has to be there; a function takes one or two, with its start."""


def main() -> int:
    """0 if all queues have passed."""
    city = json.loads((ROOT / "target" / f"{NAME}.json").read_text())
    session = boto3.Session(city["accessKeyId"], city["secretAccessKey"], region_name=city["region"])
    sqs = session.client("sqs", endpoint_url=city["aws"])
    stack = session.client("cloudformation", endpoint_url=city["aws"]).describe_stack_resources(StackName=city["stack"])["StackResources"]
    functions = [each["PhysicalResourceId"] for each in stack if each["ResourceType"] == "AWS::Lambda::Function"]
    asked = session.client("lambda", endpoint_url=city["aws"])
    sources = [asked.list_event_source_mappings(FunctionName=function)["EventSourceMappings"] for function in functions]
    queues = sorted(source["EventSourceArn"] for of_function in sources for source in of_function)
    sent = {queue: send(sqs, queue) for queue in queues}
    wrong = [f"{name(queue)}: {trouble}" for queue, body in sent.items() if (trouble := await_letter(sqs, queue, body))]
    print(*wrong, sep="\n")
    print(f"queues {len(queues)}, wrong {len(wrong)}")
    return 1 if wrong or not queues else 0


def send(sqs: Any, queue: str) -> str:
    """Puts a message into a queue that nobody understands; its body."""
    body = f"this is not a letter: {uuid.uuid4()}"
    group = {"MessageGroupId": body[-36:], "MessageDeduplicationId": body[-36:]} if queue.endswith(".fifo") else {}
    sqs.send_message(QueueUrl=url(sqs, queue), MessageBody=body, **group)
    return body


def await_letter(sqs: Any, queue: str, body: str) -> str:
    """Waits until a message is a dead letter, and takes it away; what is wrong with it, or nothing."""
    said = sqs.get_queue_attributes(QueueUrl=url(sqs, queue), AttributeNames=["RedrivePolicy"]).get("Attributes", {})
    if "RedrivePolicy" not in said:
        return "has no dead-letter queue"
    dead = url(sqs, json.loads(said["RedrivePolicy"])["deadLetterTargetArn"])
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # Short: those of others are to be seen again soon, and one of another queue's in the same dead-letter queue by its own look.
        got = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, MessageAttributeNames=["why"], VisibilityTimeout=1, WaitTimeSeconds=1)
        for message in got.get("Messages", []):
            if message["Body"] == body:
                sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
                return "" if message.get("MessageAttributes", {}).get("why", {}).get("StringValue") else "its dead letter does not say why"
    return f"what cannot be understood was no dead letter after {PATIENCE:.0f} s"


def url(sqs: Any, queue: str) -> str:
    """Where a queue is asked."""
    return sqs.get_queue_url(QueueName=name(queue))["QueueUrl"]


def name(queue: str) -> str:
    """Of a queue's ARN the name."""
    return queue.rpartition(":")[2]


if __name__ == "__main__":
    sys.exit(main())
