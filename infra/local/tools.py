"""What the machine must have, and the private environment with the pinned tools (MiniStack, SAM, cargo-lambda)."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import lock
from places import REQUIREMENTS, ROOT, TOOLS, VENV, fingerprint, read_json, write_json
from processes import log_of, run
from screen import Failure, step

_STAMP = VENV / "complete.json"
_SAM_HOME = TOOLS / "sam"
# The list is complete, so pip need not look for anything else.
_PIP_OPTIONS = ["--no-deps", "--disable-pip-version-check", "--no-input", "--no-compile", "--progress-bar=off"]

_IF_PIP_FAILS = (
    "The tools come from PyPI: is it reached from here? Behind a proxy set HTTPS_PROXY, behind a mirror PIP_INDEX_URL."
)


def check_machine() -> None:
    """Fails with all that is missing on this machine, and how to get it."""
    missing = [*_missing_platform(), *_missing_rust(), *_missing_python()]
    if missing:
        raise Failure("this machine lacks something:\n" + "\n".join(f"  - {each}" for each in missing))


def _missing_platform() -> list[str]:
    if sys.platform != "linux":
        return ["Linux: the city runs the very programs that run on AWS Lambda. On Windows use WSL 2, on a Mac a Linux VM or container."]
    return []


def _missing_rust() -> list[str]:
    missing = []
    wanted = _wanted_rust()
    if shutil.which("cargo") is None:
        missing.append(f"Rust {wanted} or newer: https://rustup.rs")
    else:
        found = subprocess.run(["cargo", "--version"], capture_output=True, text=True, cwd=ROOT).stdout
        if _version(found) < _version(wanted):
            missing.append(f"Rust {wanted} or newer (here is {found.strip() or 'none that runs'}): `rustup update stable`")
    if shutil.which("cc") is None:
        missing.append("a C compiler: `apt-get install build-essential` on Debian and Ubuntu, `dnf install gcc` on Fedora")
    return missing


def _wanted_rust() -> str:
    found = re.search(r'^rust-version = "([\d.]+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    return found.group(1) if found else "1.0"


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _missing_python() -> list[str]:
    if sys.version_info < (3, 11):
        return [f"Python 3.11 or newer (here is {platform.python_version()})"]
    if importlib.util.find_spec("ensurepip") is None:
        return ["Python's venv module: `apt-get install python3-venv` on Debian and Ubuntu"]
    return []


def architecture() -> str:
    """This machine's processor, as `template.yaml` calls it."""
    return "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"


def install() -> None:
    """Installs the pinned tools, unless they are there already."""
    wanted = {"place": str(VENV), "tools": fingerprint([REQUIREMENTS])}
    with lock.alone("install"):
        found = read_json(_STAMP)
        works = _works()
        if found == wanted and works:
            return
        lock.tools_must_be_idle()
        with step("Install MiniStack and the SAM tools (about 400 MB, into target/city/venv)", log_of("install")):
            if found.get("place") != wanted["place"] or not works:
                shutil.rmtree(VENV, ignore_errors=True)
                run("install", [sys.executable, "-m", "venv", VENV])
            run("install", [VENV / "bin" / "pip", "install", *_PIP_OPTIONS, "-r", REQUIREMENTS], advice=_IF_PIP_FAILS)
            write_json(_STAMP, wanted)


def _works() -> bool:
    """Whether the private environment's Python is still there: the one it was made from may have been replaced."""
    python = VENV / "bin" / "python"
    return python.exists() and subprocess.run([python, "-c", "import boto3"], capture_output=True).returncode == 0


def is_installed() -> bool:
    """Whether the tools are there, of whatever version."""
    return _STAMP.exists()


def runs_inside() -> bool:
    """Whether this Python is the private environment's, where boto3 can be imported."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def environment() -> dict[str, str]:
    """For the tools: this process's environment without anybody's AWS account, with the private tools found first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_"))}
    return kept | {
        "PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', '')}",
        "NO_PROXY": "127.0.0.1,localhost",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.3",
        "__SAM_CLI_APP_DIR": str(_sam_home()),
    }


def _sam_home() -> Path:
    """SAM keeps a file about itself; a fresh date in it saves the look for a newer SAM, which is pinned anyway."""
    write_json(_SAM_HOME / "metadata.json", {"telemetryEnabled": False, "lastVersionCheck": time.time()})
    return _SAM_HOME
