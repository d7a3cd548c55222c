"""Counts what each act asks of AWS, in a running city, and writes it into `acts.csv`: each act is done several times, and the calls that the
functions made meanwhile are read from what the city records.

    KAIRAN_CITY=city-of-tests target/city/venv/bin/python tests/cost/count.py           # all acts
    KAIRAN_CITY=city-of-tests target/city/venv/bin/python tests/cost/count.py message   # only those named

The city has to be started with `KAIRAN_RECORD_CALLS=yes` (`infra/local/recorded.py`), and nobody else should work in it; of the rounds the middle one
counts, so that a stranger's call does no harm. `acts.csv` keeps its other rows (broadcasts are counted by `tests/bench/run costs`).

What is counted: units of the table (`weighed.py`), calls of queues, buckets and secrets, bytes of logs and of pages. What follows from it by rule:
each message of a queue is also received and deleted once, and calls its function once, for nobody can count on batches; a function takes the time of
its own work and waits for its calls one after another. How long those take, AWS and LINE are taken to need what the benchmarks of the README take.
"""

from __future__ import annotations

import csv
import json
import os
import statistics
import sys
import time
import urllib.request
import uuid
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Callable, Iterator
from urllib.parse import quote, urlsplit

import boto3

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "bench"))
from sign_in import Browser  # noqa: E402

NAME = os.environ.get("KAIRAN_CITY") or "city"
ACTS = Path(__file__).with_name("acts.csv")
HOW = "counted"
"""How the rows begin that are written anew."""
LOG_MONTHS = 3
"""How long logs are kept by the template's default, 90 days."""

ROUNDS = 5
PATIENCE = 30.0
"""Seconds for an answer; a function that starts on a busy machine takes some."""
QUIET = 12.0
"""Seconds without a call after which a round is over; the city writes what it counts each second, and fetches a photo some 8 s after it came."""
MINUTES = 5
"""How long nothing is done, to see what runs anyway: once within it `janitor` and `reminder` each note that they ran."""

OWN_MS = {"webhook": 1, "inbox": 1, "photo": 540, "relay": 2, "notice": 2, "portal": 3, "console": 3, "reminder": 2, "janitor": 2}
"""Processor time of an invocation at the function's memory, by the README's benchmarks, rounded up (a photo's 156 ms at 0.29 of a processor)."""
WAIT_MS = {"dynamodb": 6, "sqs": 12, "s3": 30, "secretsmanager": 12}
"""How long a call is waited for (README, `sending`)."""
LINE_MS = {"inbox": 500, "photo": 500, "notice": 500}
"""The same of LINE, of which these functions ask one thing each time."""
WORKERS = {"inbox.fifo": "inbox", "photos": "photo", "notices": "notice", "changes": "relay"}
"""Which function a queue calls."""

PAGES = ["/", "/broadcasts", "/broadcasts/new", "/reports", "/residents", "/questions", "/audit", "/town"]
"""What staff look at."""

Counts = Counter[tuple[str, str, str]]
"""How often, by function, what it did, and on what."""


class City:
    """The city that runs: its phone, its pages, and what it records."""

    def __init__(self) -> None:
        self._folder = ROOT / "target" / NAME
        self.city: dict[str, Any] = json.loads((ROOT / "target" / f"{NAME}.json").read_text())
        if not (self._folder / "units.json").exists():
            sys.exit(f"{self._folder}/units.json is not there: start the city with KAIRAN_RECORD_CALLS=yes, and wait a minute")
        session = boto3.Session(self.city["accessKeyId"], self.city["secretAccessKey"], region_name=self.city["region"])
        pages = session.client("lambda", endpoint_url=self.city["aws"]).get_paginator("list_functions").paginate()
        prefix = f"{self.city['stack']}-"
        self.gigabytes = {each["FunctionName"].removeprefix(prefix): each["MemorySize"] / 1024 for each in pages.search("Functions")}

    def counts(self) -> Counts:
        """All that was counted so far."""
        found: Counts = Counter()
        prefix = f"{self.city['stack']}-"
        for name in ("calls", "units"):
            for each in json.loads((self._folder / f"{name}.json").read_text()):
                if each["answer"] != "denied":
                    thing = each["answer"] if name == "units" else each["resource"].rpartition(":")[2].removeprefix(prefix)
                    found[each["function"].removeprefix(prefix), each["action"] if name == "calls" else "units", thing] += each["times"]
        for file in (self._folder / "logs").glob("*.log"):
            if file.stem in OWN_MS:
                found[file.stem, "log", "bytes"] = file.stat().st_size
        return found

    def settled(self, functions: set[str]) -> Counts:
        """The counts, when these functions have done nothing for a while."""
        deadline = time.monotonic() + PATIENCE
        last, since = self._of(functions), time.monotonic()
        while time.monotonic() - since < QUIET and time.monotonic() < deadline:
            time.sleep(0.5)
            if (now := self._of(functions)) != last:
                last, since = now, time.monotonic()
        return last

    def _of(self, functions: set[str]) -> Counts:
        return Counter({key: times for key, times in self.counts().items() if key[0] in functions})

    def simulator(self, path: str, body: Any = None) -> Any:
        """Asks the simulator of LINE."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.city['simulator']}/simulator{path}", data, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def page(self, address: str, cookie: str = "") -> int:
        """Loads a page; its bytes."""
        parts = urlsplit(address)
        connection = HTTPConnection("127.0.0.1", parts.port, timeout=PATIENCE)
        connection.request("GET", quote(parts.path), headers={"Host": parts.netloc} | ({"Cookie": cookie} if cookie else {}))
        answer = connection.getresponse()
        size = len(answer.read())
        if answer.status != 200:
            sys.exit(f"{address} answered {answer.status}")
        return size


class Resident:
    """Somebody who follows, with a phone, and how many webhooks they caused."""

    def __init__(self, city: City) -> None:
        self._city, self._id, self.webhooks = city, f"U{uuid.uuid4().hex}", 1
        # Before that, the simulator knows of no chat.
        city.simulator(f"/residents/{self._id}/events", {"type": "follow"})

    def play(self, kind: str, *words: str, **fields: Any) -> None:
        """Does something, and waits for an answer that holds these words."""
        heard = len(self._heard())
        self._city.simulator(f"/residents/{self._id}/events", {"type": kind} | fields)
        self.webhooks += 1
        deadline = time.monotonic() + PATIENCE
        while words and not any(all(word in json.dumps(each, ensure_ascii=False) for word in words) for each in self._heard()[heard:]):
            if deadline < time.monotonic():
                sys.exit(f"{kind} {fields}: never heard {words}")
            time.sleep(0.1)

    def tap(self, label: str, *words: str) -> None:
        """Taps what the account offered under this label."""
        action = next((each for message in reversed(self._heard()) for each in actions(message) if each.get("label") == label), None)
        if action is None:
            sys.exit(f"nobody offered {label}")
        if action["type"] == "postback":
            self.play("postback", *words, data=action["data"])
        else:
            self.play("text", *words, text=action["text"])

    def settle(self) -> None:
        """Says where they live."""
        self.play("postback", "お住まいの地区", data="district")
        self.play("text", "朝日台", text="朝日台")

    def _heard(self) -> list[Any]:
        chat = self._city.simulator(f"/residents/{self._id}/chat")["messages"]
        return [each["message"] for each in chat if each["from"] == "account"]


def actions(message: Any) -> Iterator[dict[str, Any]]:
    """All actions within a message."""
    if isinstance(message, dict):
        if message.get("type") in ("postback", "message") and "label" in message:
            yield message
        for inner in message.values():
            yield from actions(inner)
    elif isinstance(message, list):
        for inner in message:
            yield from actions(inner)


Round = tuple[int, Counter[str], int]
"""How many acts were done, how often a function was called from outside by them, and the bytes of pages."""


def message(city: City) -> Callable[[], Round]:
    """A resident asks how to throw a thing away."""
    resident = Resident(city)
    resident.settle()

    def once() -> Round:
        resident.webhooks = 0
        for _ in range(5):
            resident.play("text", "乾電池", text="かんでんち")
        return 5, Counter(webhook=resident.webhooks), 0

    return once


def follow(city: City) -> Callable[[], Round]:
    """Somebody follows, and chooses a district."""

    def once() -> Round:
        resident = Resident(city)
        resident.settle()
        return 1, Counter(webhook=resident.webhooks), 0

    return once


def report(city: City) -> Callable[[], Round]:
    """A damage report by chat, with two photos."""
    residents = [Resident(city) for _ in range(ROUNDS)]
    for each in residents:
        each.settle()

    def once() -> Round:
        resident = residents.pop()
        resident.webhooks = 0
        resident.play("text", "損傷の報告", text="損傷を報告")
        resident.tap("街路灯", "報告を続ける")
        resident.tap("報告を続ける", "どのような様子ですか")
        resident.tap("消えている", "柱に番号の札")
        resident.play("text", "写真を送ってください", text="北原-12")
        resident.play("image", "受け取りました")
        resident.play("image", "受け取りました")
        resident.tap("次へ", "場所を教えてください")
        place = {"latitude": 35.66, "longitude": 139.48, "address": "こはる野市北原2丁目"}
        resident.play("location", "ほかに伝えたいこと", **place)
        resident.play("text", "この内容で報告します", text="夜になると真っ暗です。")
        resident.tap("この内容で送信する", "報告を受け付けました")
        return 1, Counter(webhook=resident.webhooks), 0

    return once


def portal_page(city: City) -> Callable[[], Round]:
    """A resident looks at a page."""

    def once() -> Round:
        size = sum(city.page(city.city["portal"] + "/calendar") for _ in range(5))
        return 5, Counter(portal=5), size

    return once


def staff_page(city: City) -> Callable[[], Round]:
    """Staff look at a page, the average of several."""
    cookie = Browser(city.city).session_cookie()

    def once() -> Round:
        size = sum(city.page(city.city["console"] + path, cookie) for path in PAGES)
        return len(PAGES), Counter(console=len(PAGES)), size

    return once


def minute(_: City) -> Callable[[], Round]:
    """Nobody does anything."""

    def once() -> Round:
        time.sleep(60 * MINUTES)
        return MINUTES, Counter(reminder=MINUTES, janitor=MINUTES), 0

    return once


BY_CHAT = {"webhook", "inbox"}
KNOWN: dict[str, tuple[Callable[[City], Callable[[], Round]], set[str], int]] = {
    "message": (message, BY_CHAT, ROUNDS),
    "follow": (follow, BY_CHAT, ROUNDS),
    "report": (report, BY_CHAT | {"photo", "relay", "notice"}, ROUNDS),
    "portal page": (portal_page, {"portal"}, ROUNDS),
    "staff page": (staff_page, {"console"}, ROUNDS),
    "minute": (minute, {"reminder", "janitor"}, 1),
}
"""The acts: how they are prepared, which functions have to do with them, and how often they are done."""


def counted(city: City, name: str) -> dict[str, float]:
    """What an act asks for, by the names of `prices.csv`."""
    prepare, functions, rounds = KNOWN[name]
    once = prepare(city)
    seen = []
    for _ in range(rounds):
        before = city.settled(functions)
        times, doors, page_bytes = once()
        after = city.settled(functions)
        after.subtract(before)
        seen.append({unit: amount / times for unit, amount in asked(after, doors, page_bytes, city.gigabytes).items()})
    units = dict.fromkeys(unit for each in seen for unit in each)
    return {unit: statistics.median_low([each.get(unit, 0.0) for each in seen]) for unit in units}


def asked(calls: Counts, doors: Counter[str], page_bytes: int, gigabytes: dict[str, float]) -> dict[str, float]:
    """What calls cost, by the names of `prices.csv`."""
    units: Counter[str] = Counter({"GB out": page_bytes / 1e9, "API request": doors["console"]})
    units["schedule call"] = doors["reminder"] + doors["janitor"]
    invoked, waited_ms = Counter(doors), Counter[str]()
    for (function, action, thing), times in (+calls).items():
        service, _, name = action.partition(":")
        waited_ms[function] += WAIT_MS.get(service, 0) * times
        if action == "units":
            units[f"{thing} unit"] += times / 2
        elif action == "log":
            units["log GB"] += times / 1e9
            units["log GB-month"] += LOG_MONTHS * times / 1e9
        elif name in ("SendMessage", "SendMessageBatch"):
            # Sent, received, deleted.
            units["SQS FIFO request" if thing.endswith(".fifo") else "SQS request"] += 3 * times
            if thing not in WORKERS:
                sys.exit(f"{function} sent something to {thing}: it was no good day to count")
            invoked[WORKERS[thing]] += times
        elif service == "sqs":
            units["SQS FIFO request" if thing.endswith(".fifo") else "SQS request"] += times
        elif name in ("PutObject", "GetObject"):
            units["S3 PUT" if name == "PutObject" else "S3 GET"] += times
        elif service == "secretsmanager":
            units["secret call"] += times
    units["Lambda request"] = invoked.total()
    for function, times in invoked.items():
        ms = times * (OWN_MS[function] + LINE_MS.get(function, 0)) + waited_ms[function]
        units["Lambda GB-second (Arm)"] += gigabytes[function] * ms / 1000
    return {unit: amount for unit, amount in units.items() if amount}


def write(act: str, units: dict[str, float]) -> None:
    """Puts what was counted of an act in the place of what was counted before."""
    with ACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    at = next((place for place, row in enumerate(rows) if row["act"] == act), len(rows))
    kept = [row for row in rows if row["act"] != act or not row["how"].startswith(HOW)]
    how = time.strftime(f"{HOW} %Y-%m-%d")
    rows = [*kept[:at], *({"act": act, "unit": unit, "amount": f"{amount:.6g}", "how": how} for unit, amount in units.items()), *kept[at:]]
    with ACTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["act", "unit", "amount", "how"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> int:
    """0 if everything that was asked for is counted."""
    names = sys.argv[1:] or list(KNOWN)
    if unknown := [name for name in names if name not in KNOWN]:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(KNOWN)}")
    city = City()
    for name in names:
        units = counted(city, name)
        write(name, units)
        print(name, *(f"{unit} {amount:.6g}" for unit, amount in units.items()), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
