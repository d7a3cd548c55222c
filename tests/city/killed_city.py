"""A city that is killed leaves programs behind that still save their memory: the next one waits for them.

    python3 tests/city/killed_city.py

It plays the city with the parts of infra/local, in a city of its own; nothing is built or deployed.
"""

import os
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

os.environ["KAIRAN_CITY"] = f"city-of-killed-{os.getpid()}"
sys.dont_write_bytecode = True
LOCAL = Path(__file__).resolve().parents[2] / "infra" / "local"
sys.path.insert(0, str(LOCAL))

import lock  # noqa: E402
from places import CITY  # noqa: E402
from screen import Failure  # noqa: E402

# A program that is asked to end, and saves something before, once it may.
SAVES = """
import os, signal, sys, time
def save(*_):
    for _ in range(3000):
        if os.path.exists(sys.argv[1] + ".may-be"):
            open(sys.argv[1], "w").close()
            sys.exit()
        time.sleep(0.01)
signal.signal(signal.SIGTERM, save)
print("ready", flush=True)
signal.pause()
"""
# A city with this one program.
RUNS = """
import signal, sys, time
import lock
from processes import Programs, log_of
held = lock.take()
Programs(held).start("saves", [sys.executable, "-c", sys.argv[1], sys.argv[2]], {})
for _ in range(3000):
    if log_of("saves").read_text().strip() == "ready":
        break
    time.sleep(0.01)
print("open", flush=True)
signal.pause()
"""


class KilledCity(unittest.TestCase):
    def setUp(self) -> None:
        self.saved = CITY / "saved"
        command = [sys.executable, "-c", RUNS, SAVES, str(self.saved)]
        self.city = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(LOCAL)}, stdout=subprocess.PIPE, text=True)
        self.addCleanup(shutil.rmtree, CITY, ignore_errors=True)
        self.addCleanup(self.city.stdout.close)
        self.addCleanup(self.city.wait)
        self.addCleanup(self.city.kill)
        self.assertEqual(self.city.stdout.readline(), "open\n")

    def test_the_next_one_waits_until_everything_is_saved(self) -> None:
        self.city.send_signal(signal.SIGKILL)
        self.city.wait()
        self.assertNotIn(lock.holder(), (None, self.city.pid))
        self._may_save()
        held = lock.take()
        self.assertTrue(self.saved.exists())
        held.close()
        self.assertIsNone(lock.holder())

    def _may_save(self) -> None:
        self.saved.with_name("saved.may-be").touch()

    def test_a_living_one_is_not_waited_for(self) -> None:
        self.assertEqual(lock.holder(), self.city.pid)
        with self.assertRaisesRegex(Failure, "runs already"):
            lock.take()
        self._may_save()
        self.city.send_signal(signal.SIGKILL)
        self.city.wait()
        lock.take().close()

    def test_what_does_not_end_is_named(self) -> None:
        self.city.send_signal(signal.SIGKILL)
        self.city.wait()
        lock.ENDING = 0.0
        with self.assertRaises(Failure) as raised:
            lock.take()
        lock.ENDING = 30.0
        self.assertIn(f"kill -9 {lock.holder()}", raised.exception.advice)
        self._may_save()
        lock.take().close()


if __name__ == "__main__":
    unittest.main()
