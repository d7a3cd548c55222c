"""A city runs once: it and its programs hold a lock, which the kernel lets go of when the last of them has died.

The programs hold it too, because a city that is killed leaves them behind for a moment: MiniStack still saves its memory,
and a new city must not read it before that is done.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Iterator

from places import CITY, TOOLS
from screen import Failure, tick

ENDING = 30.0
"""Seconds that the programs of a killed city have for saving their memory, before a new one gives up on them."""

_CITY = CITY / "lock"
_USE = TOOLS / "use.lock"


class Held:
    """The lock of a city, and its use of the tools, for as long as it lives."""

    def __init__(self, lock: IO[str], use: IO[str]) -> None:
        self._lock = lock
        self._use = use

    def inherit(self) -> tuple[int, ...]:
        """What a program has to inherit to hold them as well."""
        return (self._lock.fileno(), self._use.fileno())

    def close(self) -> None:
        """Lets go of them."""
        self._lock.close()
        self._use.close()


def take() -> Held:
    """Takes the lock; fails if a city runs."""
    lock = _free()
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    use = _USE.open("a")
    fcntl.flock(use, fcntl.LOCK_SH)
    return Held(lock, use)


def must_be_free() -> None:
    """Fails if a city runs."""
    _free().close()


def _free() -> IO[str]:
    """The lock, taken; waits for what is left of a killed city."""
    CITY.mkdir(parents=True, exist_ok=True)
    TOOLS.mkdir(parents=True, exist_ok=True)
    lock = _CITY.open("a+")
    try:
        _wait_for(lock)
    except BaseException:
        lock.close()
        raise
    return lock


def _wait_for(lock: IO[str]) -> None:
    deadline = time.monotonic() + ENDING
    while not _try(lock, fcntl.LOCK_EX):
        holders = _holders()
        if _owner(lock) in holders:
            advice = "`infra/local/city status` shows it, `infra/local/city stop` stops it."
            raise Failure(f"the city in {CITY} runs already.", advice=advice)
        if time.monotonic() > deadline:
            left = " ".join(map(str, holders))
            raise Failure(f"what is left of a killed city does not end (process {left}).", advice=f"End it with: kill -9 {left}")
        tick()
        time.sleep(0.1)


def _try(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _owner(lock: IO[str]) -> int | None:
    """The process that has taken the lock; it may be dead, and its number another's by now."""
    lock.seek(0)
    return int(lock.read() or 0) or None


def _holders() -> list[int]:
    """The other processes that have the lock's file open."""
    holders = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) == str(_CITY):
                holders.add(int(link.parts[2]))
        except OSError:
            # It has ended, or is somebody else's.
            continue
    return sorted(holders - {os.getpid()})


def holder() -> int | None:
    """The process that runs the city, if there is one; of a killed city, a program that is still ending."""
    if not _CITY.exists():
        return None
    with _CITY.open("r+") as lock:
        if _try(lock, fcntl.LOCK_EX):
            return None
        owner, holders = _owner(lock), _holders()
        return owner if owner in holders else next(iter(holders), None)


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Waits until no other city of this checkout does the same."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / f"{what}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tools_must_be_idle() -> None:
    """Fails if a city, of whatever name, runs with the tools that are to be replaced."""
    with _USE.open("a") as use:
        if not _try(use, fcntl.LOCK_EX):
            raise Failure("the tools are to be replaced, and a city uses them.", advice="Stop it with: infra/local/city stop")
