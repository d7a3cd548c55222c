"""A copy of the files of this checkout as they are: those that git holds or would take."""

import shutil
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def copy(into):
    """Copies them into a folder, which holds nothing else afterwards."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\0")
    shutil.rmtree(into, ignore_errors=True)
    for name in names:
        if name and (CHECKOUT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            # With permissions, without times: as a fresh clone has it.
            shutil.copy(CHECKOUT / name, into / name)
