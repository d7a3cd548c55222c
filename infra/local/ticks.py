"""Calls the functions that are to be told for which minute they are called, in place of MiniStack.

AWS writes the minute where a schedule's input says `<aws.scheduler.scheduled-time>`; MiniStack hands on the words themselves.
"""

from __future__ import annotations

import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from cloud import SCHEDULED_TIME, Cloud

_MINUTE = 60


class Ticks:
    """A thread that calls them on each full minute until it is stopped."""

    def __init__(self, cloud: Cloud) -> None:
        self._lambda = cloud.client("lambda")
        self._inputs = cloud.timed_inputs()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends; a call that was begun goes on."""
        self._stopped.set()
        self._thread.join(10)

    def _tick(self) -> None:
        while not self._stopped.wait(_MINUTE - time.time() % _MINUTE):
            minute = time.gmtime(time.time() // _MINUTE * _MINUTE)
            scheduled = time.strftime("%Y-%m-%dT%H:%M:%SZ", minute)
            for function, template in self._inputs:
                payload = template.replace(SCHEDULED_TIME, scheduled).encode()
                try:
                    self._lambda.invoke(FunctionName=function, InvocationType="Event", Payload=payload)
                except (BotoCoreError, ClientError):
                    # MiniStack is busy or about to end; the next minute makes up for it.
                    continue
