"""The drill of a restore: the table of a running city is restored into another one, compared, carried on and switched, with traffic on.

    KAIRAN_CITY=city-of-tests target/city/venv/bin/python tests/city/restore.py

It does what infra/guide/restore.md says, by the same commands. Some residents ask all the while, each again as soon as they have their answer.
Afterwards the city uses the restored table; whoever tests it further finds its name in the city's addresses. What it asserts:

- each question is answered exactly once, before, during and after the switch, and nobody waits longer than for one delivery more;
- what a resident set before the restore, between restore and switch, and after the switch stands in the table that is in use then;
- after the switch nobody writes the other table, and carrying once more finds nothing left to carry;
- the restored table ends items, has a backup and is protected; nobody carries from it into the one in use;
- that it was carried into stands in its audit log, whose chain holds;
- staff sign in and see their home page; the stack's output names the table in use;
- a photo that was deleted comes back by its version.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import unittest
import urllib.request
import uuid
from pathlib import Path
from typing import Any, Callable

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "infra" / "local"), str(ROOT / "tests" / "bench")]

from botocore.exceptions import ClientError  # noqa: E402
from builds import BUILT, program  # noqa: E402
from cloud import STACK, Cloud  # noqa: E402
from places import ADDRESSES, LOGS, read_json, write_json  # noqa: E402
from sign_in import Browser  # noqa: E402

ASKING = 4
"""So many residents ask at the same time."""

DELIVERY_S = 36
"""A message that was not handled comes again after so many seconds (`InboxQueue`)."""

PATIENCE_S = 2 * DELIVERY_S + 30
"""An answer that takes longer is lost."""


class City:
    """The running city: its simulator, its AWS, its commands."""

    def __init__(self) -> None:
        self.addresses = read_json(ADDRESSES)
        if not self.addresses:
            raise SystemExit("no city runs here; start it: infra/local/city start")
        port = int(self.addresses["aws"].rsplit(":", 1)[1])
        self.cloud = Cloud(port, self.addresses["accessKeyId"], self.addresses["secretAccessKey"])
        self.dynamodb = self.cloud.client("dynamodb")
        self._http = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask_simulator(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.addresses["simulator"] + path, data, {"Content-Type": "application/json"})
        with self._http.open(request, timeout=60) as answer:
            return json.loads(answer.read())

    def play(self, resident: str, event: dict[str, Any]) -> None:
        self.ask_simulator(f"/simulator/residents/{resident}/events", event)

    def heard(self, resident: str) -> list[dict[str, Any]]:
        """All that the account has said to a resident."""
        messages = self.ask_simulator(f"/simulator/residents/{resident}/chat")["messages"]
        return [message for message in messages if message["from"] == "account"]

    def town(self, *arguments: str) -> tuple[int, str]:
        """Does a command of `town table`: its exit code, and what it said."""
        command = [str(program("town")), "table", *arguments]
        done = subprocess.run(command, env=self.cloud.environment(), capture_output=True, text=True, timeout=600)
        with (LOGS / "restore-town.log").open("a") as log:
            log.write(f"$ town table {' '.join(arguments)}\n{done.stdout}{done.stderr}\n")
        return done.returncode, done.stdout + done.stderr

    def switch_to(self, table: str) -> None:
        """Deploys what is deployed, with another table."""
        stack = self.cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        now = {each["ParameterKey"]: each.get("ParameterValue", "") for each in stack["Parameters"]}
        self.cloud.deploy(BUILT / "template.yaml", {name: value for name, value in now.items() if value} | {"TableInUse": table})

    def resident(self, table: str, resident: str) -> dict[str, Any] | None:
        """What a table knows of a resident."""
        key = {"PK": {"S": f"RESIDENT#{resident[1:3]}"}, "SK": {"S": resident}}
        return self.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")

    def district(self, table: str, resident: str) -> str | None:
        """The district that a table has for a resident."""
        item = self.resident(table, resident)
        chosen = item and item["settings"]["M"]["district"].get("M")
        return chosen["value"].get("S") if chosen else None

    def events(self, table: str) -> int:
        """How many events a table knows as handled."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=table,
            Select="COUNT",
            FilterExpression="begins_with(PK, :event)",
            ExpressionAttributeValues={":event": {"S": "EVENT#"}},
        )
        return sum(page["Count"] for page in pages)

    def acts(self, table: str) -> set[str]:
        """What the entries of a table's audit log say was done."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=table,
            FilterExpression="begins_with(PK, :entry)",
            ExpressionAttributeValues={":entry": {"S": "AUDIT#2"}},
        )
        return {item["act"]["M"]["action"]["S"] for page in pages for item in page["Items"]}

    def waiting(self) -> int:
        """How many events of residents are not handled yet."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        sqs = self.cloud.client("sqs")
        found = sqs.get_queue_attributes(QueueUrl=self.addresses["queue"], AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)


def until(what: str, holds: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.2)


def somebody(city: City) -> str:
    """A new resident who follows, and has been greeted."""
    resident = f"U{uuid.uuid4().hex}"
    city.play(resident, {"type": "follow"})
    until("the greeting", lambda: bool(city.heard(resident)))
    return resident


class Asking:
    """A resident who asks again and again, and counts the answers."""

    def __init__(self, city: City) -> None:
        self.city, self.resident = city, somebody(city)
        self.questions, self.longest = 0, 0.0
        self.failure: BaseException | None = None
        self._first = len(city.heard(self.resident))
        self._ask(1)
        # An answer has as many messages as the first one, when nothing else went on.
        time.sleep(1)
        self.messages = len(city.heard(self.resident)) - self._first
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def _ask(self, messages: int) -> None:
        before, began = len(self.city.heard(self.resident)), time.monotonic()
        self.city.play(self.resident, {"type": "text", "text": "かんでんち"})
        self.questions += 1
        until("an answer", lambda: len(self.city.heard(self.resident)) >= before + messages)
        self.longest = max(self.longest, time.monotonic() - began)

    def _go_on(self) -> None:
        try:
            while not self._stopped.wait(1):
                self._ask(self.messages)
        except BaseException as failure:  # noqa: BLE001
            self.failure = failure

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(PATIENCE_S + 10)

    def answers(self) -> float:
        """How many answers came."""
        return (len(self.city.heard(self.resident)) - self._first) / self.messages


class Restore(unittest.TestCase):
    """One drill; the steps stand in the order of the guide."""

    def test_with_traffic_on(self) -> None:
        city = City()
        old = city.cloud.outputs()["TableName"]
        new = f"{STACK}-restored-{uuid.uuid4().hex[:8]}"
        before, between, after = (somebody(city) for _ in range(3))
        self.choose(city, old, before, "asahidai")
        asking = [Asking(city) for _ in range(ASKING)]
        for one in asking:
            one.start()
        self.addCleanup(lambda: [one.stop() for one in asking])

        self.restore(city, old, new)
        self.choose(city, old, between, "ekimae")
        self.assertNotEqual(city.district(new, between), "ekimae", "the restored table is not in use, and nobody has carried")
        self.carry(city, old, new, "ahead")
        asked = [one.questions for one in asking]
        city.switch_to(new)
        asked_meanwhile = [one.questions - earlier for one, earlier in zip(asking, asked)]
        self.assertGreater(sum(asked_meanwhile), 0, "nobody asked while the switch was deployed")
        self.assertEqual(city.cloud.outputs()["TableName"], new)

        self.choose(city, new, after, "asahidai")
        rests = city.events(old)
        until("more questions", lambda: all(one.questions > earlier + 3 for one, earlier in zip(asking, asked)))
        for one in asking:
            one.stop()
        until("all events are handled", lambda: city.waiting() == 0)
        self.carry(city, old, new, "done")
        self.look_back(city, asking)

        self.assertEqual(city.events(old), rests, "the other table is not written any more")
        self.assertEqual([city.district(new, one) for one in (before, between, after)], ["asahidai", "ekimae", "asahidai"])
        self.assertNotEqual(city.district(old, after), "asahidai")
        _, said = city.town("carry", "--from", old, "--to", new, "--switch", "done")
        self.assertIn("0件を移しました", said)
        self.assertIn("restore-table", city.acts(new))
        self.assertNotIn("restore-table", city.acts(old))
        _, said = city.town("compare", old, new)
        self.assertIn("操作の記録に欠けや書きかえはありません", said)
        write_json(ADDRESSES, city.addresses | {"table": new})
        self.work(city)
        longest = max(one.longest for one in asking)
        print(f"{sum(one.questions for one in asking)} questions, each answered once; {sum(asked_meanwhile)} of them while the switch was deployed, longest wait {longest:.1f} s")

    def choose(self, city: City, table: str, resident: str, district: str) -> None:
        city.play(resident, {"type": "postback", "data": f"set-district:{district}"})
        until("the district stands in the table", lambda: city.district(table, resident) == district)

    def restore(self, city: City, old: str, new: str) -> None:
        code, said = city.town("restore", "--from", old, "--to", new)
        self.assertEqual(code, 0, said)
        self.assertEqual(city.dynamodb.describe_time_to_live(TableName=new)["TimeToLiveDescription"]["TimeToLiveStatus"], "ENABLED")
        backups = city.dynamodb.describe_continuous_backups(TableName=new)["ContinuousBackupsDescription"]
        self.assertEqual(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"], "ENABLED")
        self.assertTrue(city.dynamodb.describe_table(TableName=new)["Table"]["DeletionProtectionEnabled"])
        # The traffic makes differences, so the exit code says nothing here.
        _, said = city.town("compare", old, new)
        self.assertIn("操作の記録に欠けや書きかえはありません", said)
        for kind in ("STAFF", "ROSTER"):
            self.assertRegex(said, rf"（{kind}）: .* 同じ")

    def carry(self, city: City, old: str, new: str, switch: str) -> None:
        code, said = city.town("carry", "--from", new, "--to", old, "--switch", switch)
        self.assertEqual(code, 1, "nobody carries from the restored table into the one in use")
        # What other tests have begun to send may be under way for a while.
        until("nothing is under way", lambda: "送信中" not in city.town("carry", "--from", old, "--to", new, "--switch", switch)[1])
        code, said = city.town("carry", "--from", old, "--to", new, "--switch", switch)
        self.assertEqual(code, 0, said)

    def look_back(self, city: City, asking: list[Asking]) -> None:
        for one in asking:
            self.assertIsNone(one.failure)
            self.assertEqual(one.answers(), one.questions, f"{one.resident[:5]}…: each question is answered once")

    def work(self, city: City) -> None:
        # It ends the run if they cannot.
        browser = Browser(city.addresses)
        self.assertTrue(browser.session_cookie())

    def test_a_deleted_photo_comes_back(self) -> None:
        city = City()
        s3, bucket = city.cloud.client("s3"), city.addresses["bucket"]
        key = f"reports/drill-{uuid.uuid4().hex}.jpg"
        s3.put_object(Bucket=bucket, Key=key, Body=b"a photo")
        s3.delete_object(Bucket=bucket, Key=key)
        with self.assertRaises(ClientError):
            s3.get_object(Bucket=bucket, Key=key)
        [marker] = s3.list_object_versions(Bucket=bucket, Prefix=key)["DeleteMarkers"]
        s3.delete_object(Bucket=bucket, Key=key, VersionId=marker["VersionId"])
        self.assertEqual(s3.get_object(Bucket=bucket, Key=key)["Body"].read(), b"a photo")
        for version in s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]:
            s3.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])


if __name__ == "__main__":
    unittest.main(warnings="ignore")
