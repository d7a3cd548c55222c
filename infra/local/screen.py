"""What the person at the terminal sees: one line per step with its time, and on failure what to do."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

LAST_LINES = 25
"""How much of a log is shown after a failure."""


class Failure(Exception):
    """A step that did not work: what happened, the log to look at, and what the person can do."""

    def __init__(self, what: str, *, log: Path | None = None, advice: str = "") -> None:
        super().__init__(what)
        self.log = log
        self.advice = advice


def say(text: str = "") -> None:
    """Prints a line."""
    print(text, flush=True)


class _Step:
    """The step that is being done."""

    def __init__(self, title: str, log: Path | None) -> None:
        self.title = title
        self.log = log
        self.started = time.monotonic()
        self.shown = 0.0

    def seconds(self) -> float:
        return time.monotonic() - self.started


_current: _Step | None = None


@contextmanager
def step(title: str, log: Path | None = None) -> Iterator[None]:
    """Announces a step, and how long it took; on a terminal `tick` shows how it goes."""
    global _current
    _current = _Step(title, log)
    if not sys.stdout.isatty():
        say(f"- {title} ...")
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        if sys.stdout.isatty():
            sys.stdout.write("\r\033[K")
        say(f"{mark} {title} ({_current.seconds():.1f} s)")
        _current = None


def tick() -> None:
    """Shows on a terminal how the step goes: its time, and the last line of its log. Called by whoever waits."""
    if _current is None or not sys.stdout.isatty() or time.monotonic() - _current.shown < 0.5:
        return
    _current.shown = time.monotonic()
    line = f"  {_current.title} ({_current.seconds():.0f} s) {' '.join(tail(_current.log, 1)).strip()}"
    sys.stdout.write(f"\r\033[K{line[:110]}")
    sys.stdout.flush()


def tail(log: Path | None, lines: int) -> list[str]:
    """The last lines of a log."""
    if log is None or not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        return file.read().decode(errors="replace").splitlines()[-lines:]


def explain(failure: Failure) -> None:
    """Prints a failure with the end of its log and what to do."""
    say()
    say(f"That did not work: {failure}")
    if failure.log:
        say(f"The last lines of {failure.log}:")
        for line in tail(failure.log, LAST_LINES):
            say(f"    {line}")
    if failure.advice:
        say(f"What to do: {failure.advice}")
