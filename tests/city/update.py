#!/usr/bin/env python3
"""An update loses nothing: a stack of the former release, with people, reports, broadcasts and messages in its queues, becomes one of this release.

    KAIRAN_CITY=city-of-tests target/city/venv/bin/python tests/city/update.py

The city has to run still, and the tests that count what it did to be over. In its AWS a second stack is deployed from `former/template.yaml`, filled with
what the former release wrote (`former/items.json`, `former/messages.json`), and updated to the template of this tree. It runs the functions of this
tree before, too: the former's are not built. Then it is deleted, and what must outlive it does. Beside it, `town channel` is tried on the city itself.
`infra/decisions/updates.md` says what is promised, and how a release takes the place of the former one here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path
from typing import Any, Callable

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "infra" / "local"))

from botocore.exceptions import ClientError, WaiterError  # noqa: E402
from samcli.yamlhelper import yaml_dump, yaml_parse  # noqa: E402

from builds import BUILT, program  # noqa: E402
from cloud import STACK, Cloud, put_json  # noqa: E402
from places import ADDRESSES, CITY, KEYS, TEMPLATE, TOWN, read_json  # noqa: E402

FORMER = Path(__file__).with_name("former")
FORMER_STACK = "kairan-former"
WRITTEN = 1_795_316_400
"""When the former release wrote `former/*.json`: 2026-11-22T03:00:00Z."""
AGE = 600
"""So many seconds ago it shall have been, now."""
PATIENCE = 180.0
"""Within so many seconds all messages are handled."""

KEPT = {
    "AWS::ApiGatewayV2::Api",
    "AWS::Cognito::UserPool",
    "AWS::Cognito::UserPoolClient",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::Function",
    "AWS::Lambda::Url",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
}
"""What an update leaves where it is: what holds something, and what has an address."""
WITHIN = {"AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration", "AWS::Lambda::Permission"}
"""What is named within another resource alone: two stacks may have the same name of it."""

PARTITION = "RESIDENT#"
"""Begins the partition key of residents; the first two digits of the id follow."""
REPORT = "0199cccc-0000-7000-8000-000000000001"
PHOTO = "0199dddd-0000-5000-8000-000000000001"
BROADCAST_TEXT = "旧版からのお知らせ：断水します"

Resources = dict[str, tuple[str, str]]
"""Logical id to kind and physical id."""


class Wrong(Exception):
    """Something is not as it must be."""


def must(holds: bool, what: str) -> None:
    """Says what holds; ends if it does not."""
    if not holds:
        raise Wrong(what)
    print(f"  {what}", flush=True)


def main() -> int:
    """0 if all is well."""
    city = read_json(ADDRESSES)
    if not city:
        print("no city runs", file=sys.stderr)
        return 1
    first, former = (Cloud(int(city["aws"].rsplit(":", 1)[1]), city["accessKeyId"], city["secretAccessKey"], name) for name in (STACK, FORMER_STACK))
    update = Update(city, former)
    try:
        stages_are_apart()
        channel_is_checked(city, first)
        remove(former)
        update.deploy_former()
        shares_nothing(first, former)
        update.fill()
        update.to_present()
        shares_nothing(first, former)
        update.all_is_handled()
        update.outlives_its_stack()
    except Wrong as wrong:
        print(f"update.py: NOT SO: {wrong}", file=sys.stderr)
        return 1
    finally:
        remove(former)
    print("update: nothing was lost")
    return 0


def stages_are_apart() -> None:
    """The stages of infra/samconfig.toml are stacks of their own, with names that the template can bear."""
    stages = tomllib.loads((ROOT / "infra" / "samconfig.toml").read_text())
    told = {name: stage["deploy"]["parameters"] for name, stage in stages.items() if name != "version"}
    names = [stage["stack_name"] for stage in told.values()]
    must({"default", "trial"} <= told.keys() and len(set(names)) == len(names), f"the stages are stacks of their own: {', '.join(names)}")
    prefixes = [stage["s3_prefix"] for stage in told.values()]
    must(prefixes == names, "each stage keeps what it uploads apart")
    fits = re.compile(r"[a-z][a-z0-9-]*")
    odd = [name for name in names if not fits.fullmatch(name) or any(word in name for word in ("aws", "amazon", "cognito"))]
    must(not odd, "each name can be part of the sign-in's address")


def channel_is_checked(city: dict[str, Any], cloud: Cloud) -> None:
    """`town channel` finds the city's channel in order, finds what is wrong with one, and mends the webhook."""
    line = ["--line-secret", city["lineSecret"], "--line-api-base", city["simulator"], "--line-data-base", city["lineData"]]

    def town(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [program("town"), arguments[0], TOWN, *line, *arguments[1:]], env=cloud.environment(), capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    # Tests of the console put other menus into LINE.
    status, said = town("menu")
    must(status == 0, f"the town's menu is in LINE ({said.strip().splitlines()[-1:]})")
    status, said = town("channel", "--webhook", city["webhook"])
    must(status == 0 and "［不足］" not in said, f"nothing is missing of the city's channel ({status})\n{said}")
    elsewhere = "http://127.0.0.1:9/"
    status, said = town("channel", "--webhook", elsewhere)
    must(status == 1 and city["webhook"].rstrip("/") in said, "a webhook that goes elsewhere is told of, with where it goes")
    put_json(f"{city['simulator']}/simulator/config", {"webhook": elsewhere})
    try:
        status, said = town("channel", "--webhook", city["webhook"], "--mend")
        must(status == 0, "it is mended where that is asked for")
        must(ask(f"{city['simulator']}/simulator/config")["webhook"] == city["webhook"], "LINE delivers to the city again")
    finally:
        put_json(f"{city['simulator']}/simulator/config", {"webhook": city["webhook"]})


class Update:
    """The second stack, on its way from the former release to this one."""

    def __init__(self, city: dict[str, Any], cloud: Cloud) -> None:
        self.city = city
        self.cloud = cloud
        self.before: Resources = {}
        self.waiting: dict[str, int] = {}
        self.people: list[str] = []

    def deploy_former(self) -> None:
        """Deploys the former template, and opens it as the city is opened."""
        print("deploy the former release's template", flush=True)
        declared = yaml_parse((FORMER / "template.yaml").read_text())
        for name, resource in declared["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function":
                resource["Properties"]["CodeUri"] = str(BUILT / name)
                resource.pop("Metadata", None)
        template = CITY / "former" / "template.yaml"
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text(yaml_dump(declared))
        self.cloud.deploy(template, self._parameters(declared))
        self._switch(enabled=False)
        outputs, keys = self.cloud.outputs(), read_json(KEYS)
        self.cloud.fill_secret(outputs["LineSecretArn"], {"channelId": keys["channelId"], "channelSecret": keys["channelSecret"]})
        command = [program("town"), "load", TOWN, "--table", outputs["TableName"]]
        loaded = subprocess.run(command, env=self.cloud.environment(), capture_output=True, text=True, check=False)
        must(loaded.returncode == 0, f"the town is loaded\n{loaded.stdout if loaded.returncode else ''}{loaded.stderr}".rstrip())
        self.before = resources(self.cloud)

    def _parameters(self, declared: dict[str, Any]) -> dict[str, str]:
        """What the city tells its own stack, as far as this template asks for it."""
        local = f"http://localhost:{self.cloud.port}"
        told = {
            "LineApiBase": self.city["simulator"],
            "LineDataBase": self.city["lineData"],
            "LiffId": self.city["liff"],
            "LiffScript": f"{self.city['simulator']}/liff/sdk.js",
            "StaffPoolBase": local,
            "PicturesBase": local,
            "HooksLocal": "yes",
        }
        return {name: value for name, value in told.items() if name in declared["Parameters"]}

    def _mappings(self) -> list[dict[str, Any]]:
        """What hands this stack's messages to its functions."""
        sources = self.cloud.client("lambda").get_paginator("list_event_source_mappings").paginate().search("EventSourceMappings")
        return [each for each in sources if f":function:{FORMER_STACK}-" in each["FunctionArn"]]

    def _switch(self, *, enabled: bool) -> None:
        for mapping in self._mappings():
            self.cloud.client("lambda").update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)
        wanted = {"Enabled", "Enabling"} if enabled else {"Disabled", "Disabling"}
        eventually("the queues are handed to nobody" if not enabled else "the queues are worked off again", lambda: {each["State"] for each in self._mappings()} <= wanted)

    def fill(self) -> None:
        """Writes what the former release would have written, some minutes ago, about residents whom LINE knows."""
        golden = json.loads((FORMER / "messages.json").read_text())
        made = ask(f"{self.city['simulator']}/simulator/residents", {"count": 3, "seed": f"former {time.time()}", "webhooks": False})
        self.people = [each["userId"] for each in made["residents"]]
        sent = ask(f"{self.city['simulator']}/simulator/residents/{self.people[2]}/events", {"type": "image"})
        exchanged = dict(zip(golden["residents"], self.people)) | {"468789577898262531": sent["messageId"]}
        exchanged |= {PARTITION + old[1:3]: PARTITION + new[1:3] for old, new in zip(golden["residents"], self.people)}
        outputs = self.cloud.outputs()
        dynamodb, sqs, s3 = (self.cloud.client(service) for service in ("dynamodb", "sqs", "s3"))
        items = json.loads(_as_of_now((FORMER / "items.json").read_text(), exchanged))
        for item in items:
            dynamodb.put_item(TableName=outputs["TableName"], Item=item)
        messages = json.loads(_as_of_now(json.dumps(golden, ensure_ascii=False), exchanged))
        for key, text in messages["objects"].items():
            s3.put_object(Bucket=outputs["MediaBucketName"], Key=key, Body=text.encode())
        for letter in messages["inbox"]:
            sqs.send_message(
                QueueUrl=outputs["InboxQueueUrl"],
                MessageBody=letter["body"],
                MessageGroupId=letter["group"],
                MessageDeduplicationId=letter["deduplication"],
            )
        for name, queue in (("photos", "PhotoQueueUrl"), ("notices", "NoticeQueueUrl"), ("parts", "RoutinePartsUrl")):
            for body in messages[name]:
                sqs.send_message(QueueUrl=outputs[queue], MessageBody=body)
        self.waiting = self._lengths()
        must(sum(self.waiting.values()) == 5, f"{len(items)} items are written, and 5 messages wait")

    def _lengths(self) -> dict[str, int]:
        """How many messages there are, visible or not, by the queue's logical id."""
        counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
        sqs = self.cloud.client("sqs")
        lengths = {}
        for name, (kind, url) in resources(self.cloud).items():
            if kind == "AWS::SQS::Queue":
                found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(counts))["Attributes"]
                lengths[name] = sum(int(found[count]) for count in counts)
        return lengths

    def to_present(self) -> None:
        """Updates the stack to the template of this tree."""
        print("update it to this release's template", flush=True)
        self.cloud.deploy(BUILT / "template.yaml", self._parameters(yaml_parse(TEMPLATE.read_text())))
        after = resources(self.cloud)
        moved = {name: (was, after.get(name)) for name, was in self.before.items() if was[0] in KEPT and after.get(name) != was}
        must(not moved, f"table, buckets, queues, secrets, functions and their addresses are the same as before {moved or ''}".rstrip())
        stopped = {each["EventSourceArn"].rsplit(":", 1)[1] for each in self._mappings() if each["State"] in ("Disabled", "Disabling")}
        lengths = self._lengths()
        # A queue that the update has opened may be empty already; what became of its messages is seen below. There may be more: the janitor asks
        # again for what nobody did, and a bucket tries whether its queue takes what it says.
        lost = [name for name, count in self.waiting.items() if after[name][1].rsplit("/", 1)[1] in stopped and lengths[name] < count]
        must(not lost, f"what waited in the queues waits still {lost or ''}".rstrip())
        self._switch(enabled=True)

    def all_is_handled(self) -> None:
        """Waits until the functions of this tree have done what the former ones were asked for."""
        table = self.cloud.outputs()["TableName"]
        dynamodb = self.cloud.client("dynamodb")

        def item(partition: str, sort: str) -> dict[str, Any]:
            key = {"PK": {"S": partition}, "SK": {"S": sort}}
            return dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})

        def hears(person: int, text: str) -> int:
            chat = ask(f"{self.city['simulator']}/simulator/residents/{self.people[person]}/chat")["messages"]
            return sum(text in json.dumps(each["message"], ensure_ascii=False) for each in chat if each["from"] == "account")

        def told() -> bool:
            history = item(f"REPORT#{REPORT}", "REPORT")["report"]["M"]["history"]["L"]
            return "at" in history[2]["M"]["told"].get("M", {})

        once = {
            "a resident gets the answer of the district that they chose": lambda: hears(0, "朝日台の次の収集日") == 1,
            "an answer that was stored and not said is said": lambda: hears(1, "旧版が書きとめた返事です") == 1,
            "a reporter hears what became of the report": lambda: hears(0, "来週、埋めます。") == 1,
            "the report says that they were told": told,
            "the photo is fetched and kept": lambda: "kept" in item(f"PHOTO#{PHOTO}", "PHOTO")["photo"]["M"]["state"].get("M", {}),
            "the broadcast reaches who follows": lambda: hears(0, BROADCAST_TEXT) == 1 and hears(1, BROADCAST_TEXT) == 1,
            "all queues are empty, those of dead letters, too": lambda: not any(self._lengths().values()),
        }
        for what, holds in once.items():
            eventually(what, holds)
        must(hears(2, BROADCAST_TEXT) == 0, "who blocked the account hears nothing")
        twice = [text for text in ("朝日台の次の収集日", "来週、埋めます。", BROADCAST_TEXT) if hears(0, text) != 1]
        must(not twice, f"nobody hears anything twice {twice or ''}".rstrip())

    def outlives_its_stack(self) -> None:
        """Deletes the stack: the residents are there still."""
        outputs, after = self.cloud.outputs(), resources(self.cloud)
        table = outputs["TableName"]
        dynamodb, s3 = self.cloud.client("dynamodb"), self.cloud.client("s3")
        must(dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled") is True, "the table is protected")
        try:
            dynamodb.delete_table(TableName=table)
            raise Wrong("the table can be deleted by a call")
        except ClientError as refusal:
            must(refusal.response["Error"]["Code"] == "ValidationException", "nobody deletes the table by a call")
        remove(self.cloud)
        partition = PARTITION + self.people[0][1:3]
        key = {"PK": {"S": partition}, "SK": {"S": self.people[0]}}
        must("Item" in dynamodb.get_item(TableName=table, Key=key), "the stack is gone, and the table with its residents is not")
        for kind, bucket in after.values():
            if kind == "AWS::S3::Bucket":
                s3.head_bucket(Bucket=bucket)
        listed = s3.list_objects_v2(Bucket=outputs["MediaBucketName"])
        must(listed["KeyCount"] > 0, "the buckets are there, and the photos in them")


def _as_of_now(text: str, exchanged: dict[str, str]) -> str:
    """The golden text about these residents, and as if it had been written some minutes ago."""
    text = re.sub("|".join(map(re.escape, sorted(exchanged, key=len, reverse=True))), lambda found: exchanged[found.group()], text)
    shift = int(time.time()) - AGE - WRITTEN

    def moment(found: re.Match[str]) -> str:
        hour, minute, second = (int(found.group(part)) for part in (1, 2, 3))
        seconds = WRITTEN + (hour - 3) * 3600 + minute * 60 + second + shift
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + found.group(4)

    text = re.sub(r"2026-11-22T(\d\d):(\d\d):(\d\d)((?:\.000)?Z)", moment, text)
    text = re.sub(r"\b179\d{10}\b", lambda found: str(int(found.group()) + shift * 1000), text)
    return re.sub(r"\b179\d{7}\b", lambda found: str(int(found.group()) + shift), text)


def resources(cloud: Cloud) -> Resources:
    """All that a stack has made."""
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=cloud.stack)
    listed = pages.search("StackResourceSummaries")
    return {each["LogicalResourceId"]: (each["ResourceType"], each["PhysicalResourceId"]) for each in listed if each.get("PhysicalResourceId")}


def shares_nothing(first: Cloud, second: Cloud) -> None:
    """Nothing of one stack is the other's, and no function of the second is told of anything of the first."""
    ours, theirs = ({physical for kind, physical in resources(each).values() if kind not in WITHIN} for each in (first, second))
    must(not ours & theirs, f"two stages share nothing {ours & theirs or ''}".rstrip())
    functions = second.client("lambda")
    for name in (physical for kind, physical in resources(second).values() if kind == "AWS::Lambda::Function"):
        told = functions.get_function_configuration(FunctionName=name).get("Environment", {}).get("Variables", {})
        known = {variable for variable, value in told.items() if value and value in ours}
        must(not known, f"{name} knows only what is its own {known or ''}".rstrip())


def remove(cloud: Cloud) -> None:
    """Deletes a stack, if it is there, and waits until it is gone."""
    stacks = cloud.client("cloudformation")
    try:
        stacks.describe_stacks(StackName=cloud.stack)
    except ClientError:
        return
    stacks.delete_stack(StackName=cloud.stack)
    try:
        stacks.get_waiter("stack_delete_complete").wait(StackName=cloud.stack, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    except WaiterError as error:
        raise Wrong(f"the stack {cloud.stack} cannot be deleted: {error}") from error


def eventually(what: str, holds: Callable[[], bool]) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise Wrong(f"{what}: not within {PATIENCE:.0f} s")
        time.sleep(0.5)
    print(f"  {what}", flush=True)


def ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Asks a server of this machine: GET, or POST of an object."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    if not os.environ.get("KAIRAN_CITY"):
        print("name the city whose AWS may be used: KAIRAN_CITY=city-of-tests", file=sys.stderr)
        sys.exit(2)
    sys.exit(main())
