"""Brings the functions' logs from MiniStack into files (`logs/FUNCTION.log`), where `tail -f` finds them.

MiniStack makes a log stream per call and keeps them all; each is deleted once it is in the file, so that a long day of
a busy city does not fill its memory.
"""

from __future__ import annotations

import threading

from botocore.exceptions import BotoCoreError, ClientError

from cloud import Cloud
from processes import log_of, new_log

_PAUSE = 1.0
_PAGES = 40
"""How many pages of 50 streams are brought in one go."""


class LogCollector:
    """A thread that collects until it is stopped."""

    def __init__(self, cloud: Cloud, functions: dict[str, str]) -> None:
        self._logs = cloud.client("logs")
        self._functions = functions
        for logical_id in functions:
            new_log(logical_id.lower()).touch()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Brings the last lines, and ends."""
        self._stopped.set()
        self._thread.join(10)

    def _collect(self) -> None:
        last = False
        while not last:
            last = self._stopped.wait(_PAUSE)
            for logical_id, name in self._functions.items():
                try:
                    self._bring(f"/aws/lambda/{name}", logical_id.lower())
                except (BotoCoreError, ClientError):
                    # MiniStack is busy or about to end; what is missing now comes the next time.
                    continue

    def _bring(self, group: str, name: str) -> None:
        for _ in range(_PAGES):
            streams = self._logs.describe_log_streams(logGroupName=group)["logStreams"]
            brought = [each for each in streams if self._bring_stream(group, each["logStreamName"], name)]
            if not brought:
                return

    def _bring_stream(self, group: str, stream: str, name: str) -> bool:
        events = self._logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"]
        # A stream is made empty and filled a moment later.
        if not events:
            return False
        with log_of(name).open("a") as file:
            file.writelines(f"{event['message'].rstrip()}\n" for event in events if not _is_frame(event["message"]))
        self._logs.delete_log_stream(logGroupName=group, logStreamName=stream)
        return True


def _is_frame(line: str) -> bool:
    """Whether MiniStack has put the line around the function's own; Lambda leaves it out at the template's log level."""
    return line.startswith(("START RequestId: ", "END RequestId: ", "REPORT RequestId: "))
