"""One broadcast in the running city of storms; `tests/storm/run` starts that city and calls this.

A hundred thousand residents follow in the simulator and stand in the table, copied from one who came in by a webhook. A member of staff
writes the broadcast in the console, another approves it. Then LINE fails now and then, and planners and senders are killed at random.
In the end the simulator, which counts for itself, must have delivered it to each exactly once.
"""

from __future__ import annotations

import collections
import json
import os
import random
import signal
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Iterator

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "bench"))
from sign_in import Browser  # noqa: E402

RESIDENTS = 100_000
KILLS = 15
KILLED = ("plannerFunction", "senderFunction")
SECONDS_BETWEEN_KILLS = (3.0, 10.0)
"""More often, and no planner would come to its end."""
PATIENCE = 20 * 60.0
"""Seconds, for the whole broadcast."""

# A bad day: one in five calls goes wrong in one of four ways, and each takes as long as LINE's do.
BAD_DAY = [
    {"on": "multicast", "kind": "error500", "probability": 0.05},
    {"on": "multicast", "kind": "timeoutAfterAccept", "probability": 0.05, "ms": 2_000},
    {"on": "multicast", "kind": "timeoutBefore", "probability": 0.05, "ms": 2_000},
    {"on": "multicast", "kind": "hangUp", "probability": 0.05},
    {"on": "multicast", "kind": "slow", "ms": 500},
]
BATCH = 25
"""DynamoDB takes so many items at once."""


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    city = json.loads((ROOT / "target" / f"{os.environ['KAIRAN_CITY']}.json").read_text())
    storm = Storm(city, random.Random(seed))
    storm.settle()
    storm.simulator("PUT", "faults", {"seed": seed, "rules": BAD_DAY})
    mark = f"storm-{seed}"
    path, counted = storm.approve(mark)
    kills = storm.rage(path)
    storm.judge(path, mark, counted, kills)


class Storm:
    def __init__(self, city: dict[str, Any], chance: random.Random) -> None:
        self.city = city
        self.chance = chance
        keys = (city["accessKeyId"], city["secretAccessKey"])
        config = Config(retries={"total_max_attempts": 5}, max_pool_connections=8)
        self.table = boto3.client(
            "dynamodb",
            endpoint_url=city["aws"],
            region_name=city["region"],
            aws_access_key_id=keys[0],
            aws_secret_access_key=keys[1],
            config=config,
        )

    def simulator(self, method: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Asks the simulator's own API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.city['simulator']}/simulator/{what}", data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return json.loads(answer.read())

    def settle(self) -> None:
        """Lets everybody follow, and puts them into the table."""
        began = time.monotonic()
        first = self.simulator("POST", "residents", {"count": 1, "seed": "first"})["residents"][0]["userId"]
        wait_for("the first resident's item", 60, lambda: self.resident(first))
        item = self.resident(first)
        self.simulator("POST", "residents", {"count": RESIDENTS - 1, "seed": "storm", "webhooks": False})
        others = [resident for resident in self.everybody() if resident != first]
        batches = [others[place : place + BATCH] for place in range(0, len(others), BATCH)]
        with ThreadPoolExecutor(4) as pool:
            collections.deque(pool.map(lambda batch: self.write([copy_for(item, each) for each in batch]), batches), maxlen=0)
        print(f"{RESIDENTS:,} residents after {time.monotonic() - began:.0f} s", flush=True)

    def resident(self, resident: str) -> dict[str, Any] | None:
        key = {"PK": {"S": f"RESIDENT#{resident[1:3]}"}, "SK": {"S": resident}}
        return self.table.get_item(TableName=self.city["table"], Key=key, ConsistentRead=True).get("Item")

    def everybody(self) -> Iterator[str]:
        after = ""
        while True:
            page = self.simulator("GET", f"residents?limit=10000{after}")["residents"]
            if not page:
                return
            yield from (resident["userId"] for resident in page)
            after = f"&after={page[-1]['userId']}"

    def write(self, items: list[dict[str, Any]]) -> None:
        left = {self.city["table"]: [{"PutRequest": {"Item": item}} for item in items]}
        for _ in range(10):
            left = self.table.batch_write_item(RequestItems=left).get("UnprocessedItems")
            if not left:
                return
        sys.exit("the table does not take the residents")

    def approve(self, mark: str) -> tuple[str, int]:
        """Writes, asks and approves in the console; the broadcast's path, and how many it was counted to reach."""
        editor, approver = (Browser(self.city, person) for person in (EDITOR, APPROVER))
        text = f"避難してください。{mark}"
        path = editor.send("/broadcasts/new", "/broadcasts/new", {"title": mark, "ja-0-text": text, "lane": "emergency", "do": "save"})
        # So many residents are counted in several goes; whoever asks before is told to ask again.
        wait_for("the approval asked for", 300, lambda: editor.send(path, f"{path}/ask", {}) and self.stands(path, "awaiting-approval"))
        counted = int(self.stands(path, "awaiting-approval")["reach"]["M"]["reached"]["N"])
        approver.send(path, f"{path}/approve", {})
        print(f"approved, to {counted:,} residents", flush=True)
        return path, counted

    def broadcast(self, path: str) -> dict[str, Any]:
        """The broadcast's item in the table."""
        key = {"PK": {"S": f"BROADCAST#{path.rsplit('/', 1)[1]}"}, "SK": {"S": "BROADCAST"}}
        found = self.table.get_item(TableName=self.city["table"], Key=key, ConsistentRead=True)
        return found["Item"]["broadcast"]["M"]

    def stands(self, path: str, state: str) -> dict[str, Any]:
        """What is known of a broadcast in this state; nothing if it is in another."""
        return self.broadcast(path)["state"].get("M", {}).get(state, {}).get("M", {})

    def rage(self, path: str) -> int:
        """Kills functions of this city until there were enough, and waits for the end; how many were killed."""
        began, kills = time.monotonic(), 0
        while not self.stands(path, "finished"):
            if PATIENCE < time.monotonic() - began:
                sys.exit(f"the broadcast is not closed after {PATIENCE:.0f} s: {self.broadcast(path)['state']}")
            victims = self.functions()
            if kills < KILLS and victims:
                os.kill(self.chance.choice(victims), signal.SIGKILL)
                kills += 1
            time.sleep(self.chance.uniform(*SECONDS_BETWEEN_KILLS))
        print(f"closed after {time.monotonic() - began:.0f} s and {kills} kills", flush=True)
        return kills

    def functions(self) -> list[int]:
        """The processes of planners and senders of this city: of those that it has started, by what Lambda calls them."""
        names = {f"AWS_LAMBDA_FUNCTION_NAME={self.city[name]}".encode() for name in KILLED}
        return sorted(process for process in descendants(self.city["pid"]) if names & environment(process))

    def judge(self, path: str, mark: str, counted: int, kills: int) -> None:
        """What was counted before, frozen, accounted for, and delivered by the simulator's own count, is the same."""
        account = self.stands(path, "finished")["account"]["M"]
        account = {name: int(number["N"]) for name, number in account.items() if "N" in number}
        received = self.simulator("GET", f"received?contains={mark}")
        histogram = {times: count for times, count in received["histogram"].items() if count}
        struck = self.simulator("GET", "faults")["done"]
        print(f"counted {counted:,}, account {account}, received {histogram}, faults {struck}, {kills} kills")
        expected = {"frozen": RESIDENTS, "accepted": RESIDENTS}
        if not received["complete"] or histogram != {"1": RESIDENTS}:
            sys.exit("not everybody received it exactly once")
        if counted != RESIDENTS or any(account[name] != number for name, number in expected.items()):
            sys.exit("the counts differ")
        if not kills or not all(struck):
            sys.exit("there was no storm")
        print("each of them received it exactly once, and all counts agree")


EDITOR, APPROVER = "midori@koharuno.example", "taro@koharuno.example"


def copy_for(item: dict[str, Any], resident: str) -> dict[str, Any]:
    return item | {"PK": {"S": f"RESIDENT#{resident[1:3]}"}, "SK": {"S": resident}}


def wait_for(what: str, seconds: float, ask: Callable[[], Any]) -> None:
    deadline = time.monotonic() + seconds
    while not ask():
        if deadline < time.monotonic():
            sys.exit(f"{what} does not come")
        time.sleep(0.2)


def descendants(process: int) -> list[int]:
    """All that a process has started, and what that has started."""
    found = []
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(child) for child in tasks.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def environment(process: int) -> set[bytes]:
    try:
        return set(Path(f"/proc/{process}/environ").read_bytes().split(b"\0"))
    except OSError:
        return set()


if __name__ == "__main__":
    main()
