"""One city per checkout: a lock that the running city holds, and that the kernel lets go of when it dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import IO, Iterator

from places import CITY
from screen import Failure

_CITY = CITY / "lock"
_INSTALLATION = CITY / "install.lock"


def take() -> IO[str]:
    """Takes the lock for as long as the returned file is open; fails if a city runs."""
    CITY.mkdir(parents=True, exist_ok=True)
    lock = _CITY.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _runs_already() from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def must_be_free() -> None:
    """Fails if a city runs."""
    if holder() is not None:
        raise _runs_already()


def _runs_already() -> Failure:
    advice = "`infra/local/city status` shows it, `infra/local/city stop` stops it."
    return Failure("a city of this checkout runs already.", advice=advice)


def holder() -> int | None:
    """The process that runs the city, if there is one."""
    if not _CITY.exists():
        return None
    with _CITY.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
    return None


@contextmanager
def installation() -> Iterator[None]:
    """Waits until nobody else installs the tools."""
    CITY.mkdir(parents=True, exist_ok=True)
    with _INSTALLATION.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
