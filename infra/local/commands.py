"""What `infra/local/city` can do: start, redeploy, status, stop."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import lock
from builds import build_function, build_functions, build_programs, program
from cloud import STACK, REGION, Cloud, move_memory, put_json
from function_logs import LogCollector
from places import (
    ADDRESSES,
    KEYS,
    LOGS,
    MINISTACK,
    PORTS,
    ROOT,
    SIMULATOR_MEMORY,
    STAMPS,
    TOWN,
    fingerprint,
    read_json,
    write_json,
)
from processes import Programs, free_port, log_of, run, wait_for_port
from screen import Failure, say, step
from ticks import Ticks
from tools import environment

_HOW_TO_START = "Start it with: infra/local/city start"


class Stopped(BaseException):
    """Somebody asked the city to stop: Ctrl-C, `city stop`, a closed terminal."""


def start(*, fresh: bool, release: bool) -> None:
    """Starts the city and runs it until somebody stops it."""
    began = time.monotonic()
    held = lock.take()
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _stop)
    city = _City(held)
    try:
        ADDRESSES.unlink(missing_ok=True)
        if fresh:
            _forget()
        template = build_functions(release=release)
        build_programs()
        addresses = city.open(template)
        write_json(ADDRESSES, addresses | {"release": release})
        _welcome(addresses, time.monotonic() - began)
        while True:
            city.programs.check()
            time.sleep(0.5)
    except Stopped:
        say()
        city.in_good_order = True
    finally:
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, signal.SIG_IGN)
        ADDRESSES.unlink(missing_ok=True)
        with step("Stop the city, and keep its data"):
            city.close()
        held.close()


def _stop(*_: object) -> None:
    raise Stopped


def _forget() -> None:
    with step("Forget the last city's data"):
        shutil.rmtree(MINISTACK, ignore_errors=True)
        for file in (KEYS, STAMPS, SIMULATOR_MEMORY):
            file.unlink(missing_ok=True)


class _City:
    """The running parts of the city."""

    def __init__(self, held: lock.Held) -> None:
        self.programs = Programs(held)
        self.in_good_order = False
        self._collector: LogCollector | None = None
        self._ticks: Ticks | None = None
        self._done: dict[str, str] = {}

    def open(self, template: Path) -> dict[str, Any]:
        """Starts everything and connects it; the addresses."""
        keys = _keys()
        ports = _ports()
        cloud = Cloud(ports["aws"], keys["accessKeyId"], keys["secretAccessKey"])
        simulator, line_data = (f"http://127.0.0.1:{ports[name]}" for name in ("simulator", "lineData"))
        cloud.start(self.programs)
        _start_simulator(self.programs, ports, keys)
        remembered = read_json(STAMPS)
        write_json(STAMPS, {})
        self._done["deployed"] = _deploy(cloud, template, simulator, line_data, keys["liffId"], remembered)
        outputs = cloud.outputs()
        with step("Hand the channel's secret to the functions"):
            channel = {"channelId": keys["channelId"], "channelSecret": keys["channelSecret"]}
            cloud.fill_secret(outputs["LineSecretArn"], channel)
        self._done["town"] = _load_town(cloud, outputs, simulator, line_data, remembered)
        people = _invite_people(cloud, outputs, keys)
        webhook = cloud.function_url(outputs["WebhookUrl"])
        endpoint = f"{cloud.function_site(outputs['PublicPageUrl'])}/report"
        liff = {"liffId": keys["liffId"], "liffEndpoint": endpoint}
        put_json(f"{simulator}/simulator/config", {"webhook": webhook, "accountName": _town_name()} | liff)
        self._collector = LogCollector(cloud, cloud.resources("AWS::Lambda::Function"))
        self._ticks = Ticks(cloud)
        console = {"console": cloud.http_api_url(outputs["ConsoleApiId"]), "people": people}
        line = {"simulator": simulator, "lineData": line_data, "phone": f"{simulator}/phone/", "liff": keys["liffId"]}
        return line | console | _addresses(cloud, keys, outputs, webhook)

    def close(self) -> None:
        """Ends everything. What was deployed is noted only now: MiniStack saves its memory at its end."""
        if self._ticks:
            self._ticks.stop()
        if self._collector:
            self._collector.stop()
        self.programs.stop()
        if self.in_good_order and "town" in self._done:
            if read_json(STAMPS).get("redeployed"):
                del self._done["deployed"]
            write_json(STAMPS, self._done)


def _addresses(cloud: Cloud, keys: dict[str, str], outputs: dict[str, str], webhook: str) -> dict[str, Any]:
    return {
        "webhook": webhook,
        "aws": cloud.url,
        "region": REGION,
        "accessKeyId": keys["accessKeyId"],
        "secretAccessKey": keys["secretAccessKey"],
        "stack": STACK,
        "table": outputs["TableName"],
        "bucket": outputs["MediaBucketName"],
        "queue": outputs["InboxQueueUrl"],
        "deadLetterQueue": outputs["InboxDeadLetterQueueUrl"],
        "emergencyParts": outputs["EmergencyPartsUrl"],
        "routineParts": outputs["RoutinePartsUrl"],
        "emergencyRuns": outputs["EmergencyRunsUrl"],
        "routineRuns": outputs["RoutineRunsUrl"],
        "sendingDeadLetters": outputs["SendingDeadLettersUrl"],
        "photoQueue": outputs["PhotoQueueUrl"],
        "photoDeadLetterQueue": outputs["PhotoDeadLetterQueueUrl"],
        "noticeQueue": outputs["NoticeQueueUrl"],
        "noticeDeadLetterQueue": outputs["NoticeDeadLetterQueueUrl"],
        "relayQueue": outputs["RelayQueueUrl"],
        "relayDeadLetterQueue": outputs["RelayDeadLetterQueueUrl"],
        "lineSecret": outputs["LineSecretArn"],
        "webhookFunction": outputs["WebhookFunctionName"],
        "inboxFunction": outputs["InboxFunctionName"],
        "consoleFunction": outputs["ConsoleFunctionName"],
        "plannerFunction": outputs["PlannerFunctionName"],
        "senderFunction": outputs["SenderFunctionName"],
        "janitorFunction": outputs["JanitorFunctionName"],
        "reminderFunction": outputs["ReminderFunctionName"],
        "photoFunction": outputs["PhotoFunctionName"],
        "noticeFunction": outputs["NoticeFunctionName"],
        "relayFunction": outputs["RelayFunctionName"],
        "portalFunction": outputs["PortalFunctionName"],
        "portal": cloud.function_site(outputs["PublicPageUrl"]),
        "logs": str(LOGS),
        "pid": os.getpid(),
    }


def _keys() -> dict[str, str]:
    keys = read_json(KEYS)
    if "liffId" not in keys:
        keys = keys or {
            "accessKeyId": f"LOCAL{secrets.token_hex(8).upper()}",
            "secretAccessKey": secrets.token_urlsafe(30),
            "channelId": str(secrets.randbelow(9 * 10**9) + 10**9),
            "channelSecret": secrets.token_hex(16),
        }
        keys.setdefault("staffPassword", f"{secrets.token_urlsafe(9)}-Aa1!")
        # The app of a LINE Login channel, which is another than the account's.
        keys["liffId"] = f"{secrets.randbelow(9 * 10**9) + 10**9}-{secrets.token_hex(4)}"
        write_json(KEYS, keys)
    return keys


def _ports() -> dict[str, int]:
    old = read_json(PORTS)
    ports = {name: free_port(old.get(name)) for name in ("aws", "simulator", "lineData")}
    if "aws" in old and old["aws"] != ports["aws"]:
        move_memory(old["aws"], ports["aws"])
    write_json(PORTS, ports)
    return ports


def _start_simulator(programs: Programs, ports: dict[str, int], keys: dict[str, str]) -> None:
    with step("Start the LINE simulator", log_of("simulator")):
        command = [program("simulator"), "--port", str(ports["simulator"]), "--data-port", str(ports["lineData"])]
        command += ["--allow-local-http", "--save", SIMULATOR_MEMORY]
        channel = {"SIMULATOR_CHANNEL_ID": keys["channelId"], "SIMULATOR_CHANNEL_SECRET": keys["channelSecret"]}
        programs.start("simulator", command, environment() | channel)
        for name in ("simulator", "lineData"):
            wait_for_port(ports[name], programs, "simulator")


def _deploy(cloud: Cloud, template: Path, simulator: str, line_data: str, liff_id: str, remembered: dict[str, str]) -> str:
    """Deploys, unless what MiniStack remembers is the same; a fingerprint of what is deployed."""
    parameters = {
        "LineApiBase": simulator,
        "LineDataBase": line_data,
        "LiffId": liff_id,
        "LiffScript": f"{simulator}/liff/sdk.js",
        "StaffPoolBase": f"http://localhost:{cloud.port}",
        "PicturesBase": f"http://localhost:{cloud.port}",
        "HooksLocal": "yes",
    }
    wanted = fingerprint([template.parent], str(parameters))
    if remembered.get("deployed") != wanted or not cloud.is_deployed():
        with step("Deploy template.yaml", log_of("deploy")):
            cloud.deploy(template, parameters)
    return wanted


def _town_name() -> str:
    """What the town calls itself: the account's name on the phone."""
    lines = (TOWN / "town.yaml").read_text(encoding="utf-8").splitlines()
    names = [line.removeprefix("name:").strip() for line in lines if line.startswith("name:")]
    return names[0] if names else "Kairan"


def _load_town(cloud: Cloud, outputs: dict[str, str], simulator: str, line_data: str, remembered: dict[str, str]) -> str:
    """Loads the town, unless its files are the same: what was edited in the console since stays. A fingerprint."""
    wanted = fingerprint([TOWN], simulator)
    if remembered.get("town") == wanted:
        return wanted
    with step("Load the town and its rich menu", log_of("town")):
        command = [program("town"), "load", TOWN, "--table", outputs["TableName"]]
        command += ["--line-secret", outputs["LineSecretArn"], "--line-api-base", simulator, "--line-data-base", line_data]
        run("town", command, env=cloud.environment(), advice="The log names the file and the line of the town's data.")
    return wanted


PEOPLE = [
    ("hanako@koharuno.example", "佐藤 花子", ["administrator"]),
    ("taro@koharuno.example", "鈴木 太郎", ["approver:disaster-prevention", "approver:environment"]),
    ("midori@koharuno.example", "田中 みどり", ["editor:environment"]),
    ("ken@koharuno.example", "高橋 健", ["reader:roads-and-parks"]),
]
"""The made-up staff of the sample town: address, name, roles."""


def _invite_people(cloud: Cloud, outputs: dict[str, str], keys: dict[str, str]) -> list[dict[str, str]]:
    """Gives the sample staff accounts and roles; how they sign in."""
    with step("Invite the sample staff", log_of("staff")):
        pool, address = outputs["StaffPoolId"], cloud.http_api_url(outputs["ConsoleApiId"])
        cloud.let_sign_in_at(pool, outputs["StaffPoolClientId"], address)
        for email, name, roles in PEOPLE:
            cloud.add_person(pool, email, name, keys["staffPassword"])
            command = [program("town"), "staff", "--table", outputs["TableName"], "--name", name, "--email", email]
            command += [part for role in roles for part in ("--role", role)]
            run("staff", command, env=cloud.environment(), advice="The log says why.")
    return [{"email": email, "name": name, "password": keys["staffPassword"]} for email, name, _ in PEOPLE]


def _welcome(addresses: dict[str, Any], seconds: float) -> None:
    say()
    say(f"The city is open (after {seconds:.0f} s).")
    say()
    say(f"  Phone   {addresses['phone']}   <- open this in a browser")
    say(f"  Console {addresses['console']}   <- and this as a member of staff (Chromium, Chrome, Edge, Firefox):")
    for person, (_, _, roles) in zip(addresses["people"], PEOPLE):
        say(f"            {person['email']:26} {person['password']}   {', '.join(roles)}")
    say(f"  News    {addresses['portal']}/news   (once the town's settings make it public)")
    say(f"  AWS     {addresses['aws']}")
    say(f"  All addresses are in {ADDRESSES.relative_to(ROOT)}, all logs in {LOGS.relative_to(ROOT)}/.")
    say("  After a change: infra/local/city redeploy webhook   (or inbox, console, planner, sender, janitor, reminder, photo, notice, relay, portal)")
    say("  Ctrl-C stops it; the next start finds the residents again.")
    say()


def redeploy(function: str) -> None:
    """Rebuilds one function and puts it into the running city."""
    city = _running()
    cloud = Cloud(int(city["aws"].rsplit(":", 1)[1]), city["accessKeyId"], city["secretAccessKey"])
    functions = cloud.resources("AWS::Lambda::Function")
    logical_id = next((each for each in functions if each.lower() == function.lower()), None)
    if logical_id is None:
        known = ", ".join(sorted(each.lower() for each in functions))
        raise Failure(f"there is no function {function}.", advice=f"The functions are: {known}.")
    bootstrap = build_function(logical_id, release=city["release"])
    with step(f"Update {logical_id}"):
        cloud.update_function(functions[logical_id], _archive(bootstrap))
        # So that the next start deploys again: what runs is no longer what the last one deployed.
        write_json(STAMPS, {"redeployed": True})


def _archive(bootstrap: Path) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, bootstrap.read_bytes())
    return buffer.getvalue()


def _running() -> dict[str, Any]:
    city = read_json(ADDRESSES)
    if not city or lock.holder() is None:
        raise Failure("no city runs.", advice=_HOW_TO_START)
    return city


def status() -> bool:
    """Says whether the city is open, and where."""
    holder = lock.holder()
    city = read_json(ADDRESSES)
    if holder is None:
        say(f"No city runs. {_HOW_TO_START}")
        return False
    if not city:
        say(f"The city is starting or stopping (process {holder}).")
        return False
    for name in ("phone", "console", "portal", "webhook", "simulator", "aws", "table", "stack", "logs"):
        say(f"{name:10} {city[name]}")
    return True


def stop() -> None:
    """Stops the running city and waits until it is gone."""
    holder = lock.holder()
    if holder is None:
        say("No city runs.")
        return
    os.kill(holder, signal.SIGTERM)
    # A city that was paused (Ctrl-Z) has to go on to hear it.
    os.kill(holder, signal.SIGCONT)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if lock.holder() is None:
            say("The city has stopped.")
            return
        time.sleep(0.1)
    raise Failure(f"the city (process {holder}) does not stop.", log=log_of("ministack"))


def start_in_background(arguments: list[str]) -> bool:
    """Starts the city as a process of its own, and returns when it is open, or has said why it cannot be."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = log_of("city")
    with log.open("wb") as output:
        command = [sys.executable, str(Path(__file__).with_name("city")), "start", *arguments]
        city = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        with log.open() as lines:
            while True:
                ended = city.poll() is not None
                sys.stdout.write(lines.read())
                sys.stdout.flush()
                if ended or read_json(ADDRESSES).get("pid") == city.pid:
                    return not ended
                time.sleep(0.2)
    except BaseException:
        # Who gives up waiting does not want the city either: left alone, it would go on building and open.
        city.terminate()
        city.wait()
        raise
