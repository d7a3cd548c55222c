"""Builds what the city runs: the functions by `sam build`, as for AWS, the simulator and the loader by cargo."""

from __future__ import annotations

from pathlib import Path

import lock
from places import CITY, TARGET, TEMPLATE
from processes import log_of, run
from screen import step
from tools import architecture, environment

BUILT = CITY / "build"
_REBUILT = CITY / "rebuild"

_FIX_THE_CODE = "Most often the code does not compile: the log says where."


def build_functions(*, release: bool) -> Path:
    """Builds all functions; the template that points at them."""
    first = "" if BUILT.exists() else "; the first time takes some minutes"
    with step(f"Build the functions ({'release' if release else 'development'}{first})", log_of("build-functions")):
        return _sam_build("build-functions", BUILT, [], release=release)


def build_function(logical_id: str, *, release: bool) -> Path:
    """Builds one function; its `bootstrap`."""
    with step(f"Build {logical_id}", log_of("build-function")):
        _sam_build("build-function", _REBUILT, [logical_id], release=release)
    return _REBUILT / logical_id / "bootstrap"


def _sam_build(log: str, into: Path, which: list[str], *, release: bool) -> Path:
    # The machine's own compiler will do: the functions run here. (Zig is for AWS, whose C library may be older.)
    env = environment() | {"CARGO_LAMBDA_COMPILER": "cargo", "AWS_DEFAULT_REGION": "ap-northeast-1"}
    if not release:
        env |= {"SAM_BUILD_MODE": "debug", "CARGO_PROFILE_DEV_DEBUG": "none", "CARGO_PROFILE_DEV_STRIP": "debuginfo"}
    command = ["sam", "build", *which, "--template-file", TEMPLATE, "--build-dir", into]
    # All cities compile into the same target/, one for development, another perhaps for release.
    with lock.alone("build"):
        run(log, [*command, "--parameter-overrides", f"Architecture={architecture()}"], env=env, advice=_FIX_THE_CODE)
    return into / "template.yaml"


def build_programs() -> None:
    """Builds the simulator and the town's loader."""
    with step("Build the simulator and the town's loader", log_of("build-programs")):
        run("build-programs", ["cargo", "build", "--workspace", "--bin", "simulator", "--bin", "town"], advice=_FIX_THE_CODE)


def program(name: str) -> Path:
    """A program that `build_programs` has built."""
    return TARGET / "debug" / name
