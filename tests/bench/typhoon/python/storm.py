"""Lets a storm pass over the programs that `tests/bench/run typhoon` built, and writes what was seen of it.

    storm.py FOLDER SIMULATOR HARNESS WEBHOOK [--seconds 60] [--seed 1] [--friends 100000] [--rate 2000] [--keep] [--soak MINUTES]

Ends with 1 where something was lost or doubled, or the memory of a function grows.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from report import write

KEPT = Path(__file__).resolve().parents[4] / "infra" / "typhoon"
# Beside the storm and the time in which the queue empties: building the town, an emergency alone, the accounts.
PATIENCE_S = 1_500
SOAK = {"rate": 50, "processes": 4, "inboxes": 10}


def main():
    asked = arguments()
    sizes = {name: getattr(asked, name) for name in ("seconds", "seed", "friends", "rate")}
    if asked.soak:
        sizes = SOAK | {name: value for name, value in sizes.items() if value is not None} | {"seconds": 60 * asked.soak}
    given = [part for name, value in sizes.items() if value is not None for part in (f"--{name}", str(value))]
    soak = ["--soak"] if asked.soak else []
    # Whoever ends this ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    command = [asked.simulator, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as line:
        try:
            address = json.loads(line.stdout.readline())["simulator"]
            harness = [asked.harness, "--simulator", address, "--simulator-process", str(line.pid)]
            figures = figures_of([*harness, "--webhook", asked.webhook, *given, *soak], PATIENCE_S + (sizes["seconds"] or 60))
        finally:
            line.terminate()
    figures["machine"] = machine()
    # What was kept of another kind of weather would stand beside this one's.
    shutil.rmtree(asked.folder, ignore_errors=True)
    asked.folder.mkdir(parents=True)
    (asked.folder / "figures.json").write_text(json.dumps(figures) + "\n")
    print(write(figures, asked.folder))
    if asked.keep:
        KEPT.mkdir(exist_ok=True)
        for file in asked.folder.iterdir():
            if file.suffix in (".md", ".svg"):
                shutil.copy(file, KEPT)
    if figures["wrong"]:
        sys.exit(1)


def arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/run typhoon")
    parser.add_argument("folder", type=Path)
    for name in ("simulator", "harness", "webhook"):
        parser.add_argument(name)
    parser.add_argument("--seconds", type=int, help="how long requests come")
    parser.add_argument("--seed", type=int, help="the same seed gives the same requests and faults")
    parser.add_argument("--friends", type=int, help="how many friends the broadcasts go to")
    parser.add_argument("--rate", type=int, help="how many requests come in a second")
    parser.add_argument("--keep", action="store_true", help="copy report and plots to infra/typhoon/")
    parser.add_argument("--soak", type=int, metavar="MINUTES", help="steady rain instead of a typhoon")
    asked = parser.parse_args()
    if asked.soak and (asked.keep or asked.seconds or not 1 <= asked.soak <= 240):
        parser.error("--soak goes from 1 to 240 minutes, and neither with --keep nor with --seconds")
    return asked


def figures_of(command, patience_s):
    """What the harness saw; it is ended when it takes too long, and with it the processes that it started."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said, _ = process.communicate(timeout=patience_s)
        except BaseException:
            # By this signal it ends what it started itself.
            process.send_signal(signal.SIGINT)
            raise
    if process.returncode:
        sys.exit(f"the harness ended with {process.returncode}")
    return json.loads(said)


def machine():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{models[0] if models else platform.machine()}, {len(os.sched_getaffinity(0))} cores"


if __name__ == "__main__":
    main()
