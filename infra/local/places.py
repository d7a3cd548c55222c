"""Where the city keeps its things: all under `target/`, nothing in the home directory.

A checkout has as many cities as have names: `KAIRAN_CITY` says which one is meant, and without it, it is `city`, in
`target/city/`. The tests raise one of their own, so that nobody's data is lost to them. Only the tools are shared.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Iterable

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / (os.environ.get("CARGO_TARGET_DIR") or "target")

NAME = os.environ.get("KAIRAN_CITY") or "city"
CITY = ROOT / "target" / NAME
ADDRESSES = ROOT / "target" / f"{NAME}.json"
"""What a running city offers; there only while it runs."""

LOGS = CITY / "logs"

TOOLS = ROOT / "target" / "city"
VENV = TOOLS / "venv"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

KEYS = CITY / "keys.json"
"""Random secrets of this city: its AWS key and its LINE channel."""
PORTS = CITY / "ports.json"
"""The ports of the last run, so that addresses stay the same."""
STAMPS = CITY / "stamps.json"
"""What the last run has deployed, if it ended in good order, so that it is not done again."""
MINISTACK = CITY / "ministack"
"""What MiniStack remembers."""
SIMULATOR_MEMORY = CITY / "simulator.json"
"""What the simulator remembers."""
CALLS = CITY / "calls.json"
"""The calls of AWS that the functions of this run made, if `KAIRAN_RECORD_CALLS=yes` asked for it (`recorded.py`)."""

TEMPLATE = ROOT / "template.yaml"
TOWN = ROOT / (os.environ.get("KAIRAN_TOWN") or "infra/sample-town")
"""The folder of the town that lives here: the sample town, unless another one is named."""


def read_json(path: Path) -> dict[str, Any]:
    """The object in a file; an empty one if the file is missing or broken."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replaces a file in one go; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    os.replace(name, path)


def fingerprint(paths: Iterable[Path], *texts: str) -> str:
    """A hash over files (folders with all in them) and texts."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file}\0{file.stat().st_size}\0".encode())
                with file.open("rb") as content:
                    while chunk := content.read(1 << 20):
                        digest.update(chunk)
    for text in texts:
        digest.update(f"\0{text}".encode())
    return digest.hexdigest()
