"""Builds a function twice, in two folders, and compares program and zip: what `tests/supply/reproducible` runs in the tools' environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from samcli.lib.package.utils import make_zip_with_lambda_permissions, zip_folder

from copied import CHECKOUT, copy

sys.path.insert(0, str(CHECKOUT / "infra" / "local"))
from tools import architecture, environment  # noqa: E402

PLACES = CHECKOUT / "target" / "supply"
# Of different length and depth, lest a path that is built in fill the same bytes.
FOLDERS = (PLACES / "one" / "kairan", PLACES / "the-other" / "one-deeper" / "kairan-again")


def main() -> int:
    """Builds and compares; 0 if the bytes are the same."""
    function = sys.argv[1]
    built = [build(folder, function) for folder in FOLDERS]
    programs = [(folder / "bootstrap").read_bytes() for folder in built]
    files = [sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) for folder in built]
    zips = [zipped(folder) for folder in built]
    faults = []
    if files[0] != files[1]:
        faults.append(f"not the same files: {files[0]} and {files[1]}")
    if programs[0] != programs[1]:
        faults.append(f"bootstrap differs from byte {first_difference(*programs)} on ({len(programs[0])} and {len(programs[1])} bytes)")
    if zips[0] != zips[1]:
        faults.append(f"the zip differs from byte {first_difference(*zips)} on ({len(zips[0])} and {len(zips[1])} bytes)")
    for folder, program in zip(FOLDERS, programs, strict=True):
        if str(folder).encode() in program:
            faults.append(f"bootstrap names the folder that it was built in: {folder}")
    for fault in faults:
        print(f"{function}: {fault}")
    for name, contents in (("bootstrap", programs), ("zip", zips)):
        for folder, content in zip(FOLDERS, contents, strict=True):
            print(f"{hashlib.sha256(content).hexdigest()}  {name} of {function}, {len(content):,} bytes, from {folder.relative_to(CHECKOUT)}")
    print(f"{function}: {'differs' if faults else 'the same bytes twice'}")
    return 1 if faults else 0


def build(folder: Path, function: str) -> Path:
    """Builds a function from nothing in a folder, as for AWS; the folder that `sam deploy` would zip."""
    copy(folder)
    into = folder.parent / "build"
    shutil.rmtree(into, ignore_errors=True)
    # Each with the target/ of its own folder.
    env = {name: value for name, value in environment().items() if name != "CARGO_TARGET_DIR"}
    env |= {"AWS_DEFAULT_REGION": "ap-northeast-1", "CARGO_LAMBDA_COMPILER": os.environ.get("CARGO_LAMBDA_COMPILER", "cargo")}
    logical_id = function.capitalize()
    command = ["sam", "build", logical_id, "--template-file", folder / "template.yaml", "--build-dir", into]
    log = folder.parent / "build.log"
    print(f"building {function} in {folder.relative_to(CHECKOUT)}, see {log.relative_to(CHECKOUT)}", flush=True)
    with log.open("wb") as output:
        status = subprocess.run(
            [*command, "--parameter-overrides", f"Architecture={architecture()}"], cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT,
        ).returncode
    if status:
        sys.exit(f"sam build ended with status {status}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-20:]))
    return into / logical_id


def zipped(folder: Path) -> bytes:
    """The zip of a function as `sam deploy` makes it, by its own code."""
    with zip_folder(str(folder), zip_method=make_zip_with_lambda_permissions) as (path, _):
        return Path(path).read_bytes()


def first_difference(one: bytes, other: bytes) -> int:
    """From which byte on they differ."""
    return next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))


if __name__ == "__main__":
    sys.exit(main())
