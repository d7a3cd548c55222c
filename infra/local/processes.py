"""The programs of the city: run one to its end, or keep one running; none outlives the city."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import lock
from places import LOGS, ROOT
from screen import Failure, tick

STOPPING = 20.0
"""Seconds that a program has for saving its state before it is killed."""

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def _die_with_the_city() -> None:
    """In a new program: have the kernel end it, should the city be killed before it can tidy up."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def log_of(name: str) -> Path:
    """Where a program's output goes."""
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / f"{name}.log"


def new_log(name: str) -> Path:
    """A log to begin anew; that of the last run is kept beside it."""
    log = log_of(name)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    return log


def run(name: str, command: list[str | Path], *, env: dict[str, str] | None = None, advice: str = "") -> None:
    """Runs a program to its end, with its output in its log."""
    with log_of(name).open("wb") as log:
        program = _spawn(command, log, env)
        try:
            while (status := program.poll()) is None:
                tick()
                time.sleep(0.05)
        except BaseException:
            end(program)
            raise
    if status:
        raise Failure(f"`{_first_words(command)}` ended with status {status}.", log=log_of(name), advice=advice)


def _first_words(command: list[str | Path]) -> str:
    return " ".join([Path(command[0]).name, *map(str, command[1:3])])


def _spawn(command: list[str | Path], log, env: dict[str, str] | None, inherit: tuple[int, ...] = ()) -> subprocess.Popen:
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_the_city,
        pass_fds=inherit,
    )


def end(program: subprocess.Popen) -> None:
    """Asks a program and all it has started to end, and insists after a while."""
    for urgency in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(program.pid, urgency)
            # Who is paused hears nothing but SIGKILL until it goes on.
            os.killpg(program.pid, signal.SIGCONT)
        except ProcessLookupError:
            break
        try:
            program.wait(STOPPING)
            break
        except subprocess.TimeoutExpired:
            continue


class Programs:
    """The programs that run as long as the city does."""

    def __init__(self, held: lock.Held) -> None:
        self._held = held
        self._running: dict[str, subprocess.Popen] = {}

    def start(self, name: str, command: list[str | Path], env: dict[str, str]) -> None:
        """Starts a program, which holds the city's lock until it has ended."""
        with new_log(name).open("wb") as file:
            self._running[name] = _spawn(command, file, env, self._held.inherit())

    def check(self) -> None:
        """Fails if a program has ended by itself."""
        for name, program in self._running.items():
            if program.poll() is not None:
                raise Failure(f"{name} ended by itself (status {program.returncode}).", log=log_of(name))

    def stop(self) -> None:
        """Ends the programs, the last one started first."""
        while self._running:
            _, program = self._running.popitem()
            end(program)


def wait_for_port(port: int, programs: Programs, name: str, seconds: float = 30.0) -> None:
    """Waits until somebody answers on a port of this machine."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        programs.check()
        tick()
        with socket.socket() as probe:
            probe.settimeout(1.0)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Failure(f"{name} does not answer on port {port}.", log=log_of(name))


def free_port(wanted: int | None) -> int:
    """The wanted port of 127.0.0.1 if nobody has it, otherwise any free one."""
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise Failure("No free port on 127.0.0.1.")
