"""MiniStack, counting which calls of AWS each function makes: `recorded.py FILE`, in place of `ministack`.

MiniStack asks one place whether a request may do what it asks for (`enforce`). There each call has the names that policies have: what a
transaction or a batch is made of, and who signed a link, are told apart. Its own record (CloudTrail) has neither, drops what is old, and keeps
what residents wrote.

FILE holds one object for each function, action, resource and answer, with how often; of an object in a bucket only the folder.
`tests/city/permissions.py` reads it. `units.json` beside FILE holds the same of the table's read and write units, in halves, with the operation in
place of the action (`weighed.py`); `tests/cost/count.py` reads both. `leading.json` holds which partitions of the table they reached, with the
family of the key in place of the answer (`leading.py`).
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import json
import sys
import threading
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

_PAUSE = 1.0
"""Seconds between two looks at whether something was counted since."""

_ASKED = ["access_key_id", "iam_action", "service", "region", "resource_arn", "service_context"]
"""What `enforce` takes, in the version of MiniStack that is pinned."""


class Calls:
    """How often each function was allowed, and denied, what it asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file
        # What an earlier run counted is not this one's.
        file.unlink(missing_ok=True)
        self._counted: Counter[tuple[str, str, str, str]] = Counter()
        self._written = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def count(self, function: str, action: str, resource: str, answer: str, times: int = 1) -> None:
        """Counts a call, or several."""
        with self._lock:
            self._counted[function, action, _folder(resource), answer] += times

    def stop(self) -> None:
        """Writes the last ones, and ends."""
        self._stopped.set()
        self._thread.join()

    def _keep(self) -> None:
        last = False
        while not last:
            last = self._stopped.wait(_PAUSE)
            with self._lock:
                counted = sorted(self._counted.items())
            total = sum(times for _, times in counted)
            if total != self._written:
                names = ("function", "action", "resource", "answer")
                calls = [dict(zip(names, call)) | {"times": times} for call, times in counted]
                half = self._file.with_suffix(".half")
                half.write_text(json.dumps(calls, indent=1) + "\n")
                half.replace(self._file)
                self._written = total


def _folder(resource: str) -> str:
    """`arn:aws:s3:::BUCKET/reports/*` for a photo; anything else as it is."""
    bucket, slash, key = resource.partition("/")
    if not slash or not resource.startswith("arn:aws:s3:::"):
        return resource
    return f"{bucket}/{key.partition('/')[0]}/*"


def counting(enforce: Callable[..., Any], calls: Calls) -> Callable[..., Any]:
    """The same, and counts what functions ask for."""

    @functools.wraps(enforce)
    def counted(access_key_id: str, iam_action: str, service: str, region: str, resource_arn: str = "*", *rest: Any, **named: Any) -> Any:
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, *rest, **named)
        if function := _function(access_key_id):
            calls.count(function, iam_action, resource_arn, "denied" if denied else "allowed")
        return denied

    return counted


def _function(access_key_id: str) -> str | None:
    """The function that has an access key: its role's session is named after it."""
    from ministack.core.iam_evaluator import resolve_caller_identity

    identity = resolve_caller_identity(access_key_id) or {}
    kind, _, names = identity.get("userArn", "").rpartition(":")[2].partition("/")
    return names.rpartition("/")[2] if kind == "assumed-role" else None


def _look_at_the_table(units: Calls, keys: Calls) -> None:
    """Lets the table's calls be weighed, and the partitions that they reach be noted."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.core.router import extract_access_key_id
    from ministack.services import dynamodb

    def function_of(headers: dict[str, str]) -> str | None:
        return _function(extract_access_key_id(headers))

    def count(function: str, operation: str, kind: str, halves: int) -> None:
        units.count(function, operation, "table", kind, halves)

    def note(function: str, action: str, thing: str, family: str) -> None:
        keys.count(function, action, f"arn:aws:dynamodb:{get_region()}:{get_account_id()}:table/{thing}", family)

    weighed = _beside("weighed").weighing(dynamodb.handle_request, function_of, count)
    dynamodb.handle_request = _beside("leading").noting(weighed, function_of, note)


def _beside(name: str) -> ModuleType:
    """A module that lies beside this file, where Python does not look by itself (`-P`)."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        sys.exit(f"infra/local/{name}.py is not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Runs MiniStack until it is told to end."""
    from ministack.core import iam_evaluator

    if list(inspect.signature(iam_evaluator.enforce).parameters) != _ASKED:
        sys.exit("This MiniStack asks for permissions in another way: infra/local/recorded.py is to be written anew for it.")
    file = Path(sys.argv.pop())
    calls, units, keys = (Calls(each) for each in (file, file.with_name("units.json"), file.with_name("leading.json")))
    iam_evaluator.enforce = counting(iam_evaluator.enforce, calls)
    _look_at_the_table(units, keys)

    from ministack.app import main as run

    try:
        run()
    finally:
        for each in (calls, units, keys):
            each.stop()


if __name__ == "__main__":
    main()
