"""Nobody may do what nobody does: after the tests of a city, what each function's role allows is held against the calls that it made.

    KAIRAN_CITY=city-of-tests target/city/venv/bin/python tests/city/permissions.py

The city has to run still, started with `KAIRAN_RECORD_CALLS=yes` (`infra/local/recorded.py`), and every test of it to be over. Prints each
permission with how often it was used, and then what is wrong: a permission that its function did not use and that is not among the exceptions,
a call that was denied, a wildcard, a policy from elsewhere, an exception for nothing. Then each partition of the table that was reached, and whether
a role denies it, which MiniStack does not ask (`denials.py`). Why: infra/decisions/least-privilege.md.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Iterator, NamedTuple

import boto3

from denials import denies, is_denial, listed, undecided

ROOT = Path(__file__).resolve().parents[2]
NAME = os.environ.get("KAIRAN_CITY") or "city"

STOPPED = "what stopped half-way or is due at the minute, which the tests do not wait for; tests/scenarios/sending.rs, and tests/run storm does it in a city"
OVER = "when a report is over or a photo was forgotten, days later; tests/scenarios/report_erase.rs, reports.rs"
RESTED = "when a broadcast rested and is let go on; tests/scenarios/sending.rs"
LIMITED = "when LINE's limit is reached; tests/scenarios/sending.rs, and tests/run storm does it in a city"
EARLY = "when a part comes before its broadcast may go, which is a matter of a second; tests/scenarios/sending_rules.rs"

EXCEPTIONS: dict[tuple[str, str, str], str] = {
    ("planner", "s3:ListBucket", "Media"): "nothing lists: without it AWS says of an object that is not there that it may not be read",
    ("console", "s3:GetObject", "Media/frozen/*"): "when it counts for an audience what residents got lately; tests/scenarios/sending_rules.rs",
    ("console", "sqs:SendMessage", "EmergencyRuns"): RESTED,
    ("console", "sqs:SendMessage", "RoutineRuns"): RESTED,
    ("planner", "sqs:SendMessage", "EmergencyParts"): EARLY,
    ("planner", "sqs:SendMessage", "RoutineParts"): EARLY,
    ("sender", "sqs:SendMessage", "EmergencyRuns"): LIMITED,
    ("sender", "sqs:SendMessage", "RoutineRuns"): LIMITED,
    ("photo", "s3:DeleteObject", "Pictures/released/*"): "when a photo that everybody saw is erased; tests/scenarios/report_erase.rs, report_release.rs",
    ("janitor", "sqs:GetQueueAttributes", "EmergencyRuns"): STOPPED,
    ("janitor", "sqs:GetQueueAttributes", "RoutineRuns"): STOPPED,
    ("janitor", "sqs:SendMessage", "EmergencyParts"): STOPPED,
    ("janitor", "sqs:SendMessage", "RoutineParts"): STOPPED,
    ("janitor", "sqs:SendMessage", "EmergencyRuns"): STOPPED,
    ("janitor", "sqs:SendMessage", "RoutineRuns"): STOPPED,
    ("janitor", "sqs:SendMessage", "PhotoQueue"): OVER,
    ("janitor", "dynamodb:BatchGetItem", "Table"): OVER,
    ("janitor", "dynamodb:DeleteItem", "Table"): OVER,
    ("janitor", "dynamodb:UpdateItem", "Table"): STOPPED,
    ("janitor", "s3:GetObject", "Media/frozen/*"): "when somebody blocked the account after a broadcast, once an hour; tests/scenarios/after.rs",
    ("janitor", "secretsmanager:GetSecretValue", "LineSecret"): "once an hour; tests/scenarios/checkup.rs, followers.rs",
}
"""What no test of the city does, or not each time: function, action, resource; and when it is needed, and which other test does it."""

OF_LAMBDA = {
    "sqs": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    "logs": {"logs:CreateLogStream", "logs:PutLogEvents"},
}
"""What Lambda does in a function's name, with the queues that it works off and its log. MiniStack asks no role for it."""

READING = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem"}

WRITTEN_WITHIN = 2.0
"""Seconds within which what was counted is in its file (`_PAUSE` in `infra/local/recorded.py`, and some more)."""

NOT_UNDERSTOOD = "?"
"""What `infra/local/leading.py` writes in place of a partition where it does not understand a call."""

FOLDER = re.compile(r"arn:aws:s3:::[^*/]+/[^*]+/\*")
"""The objects in a folder of a bucket, whose names nobody knows before."""


class Permission(NamedTuple):
    """That a function may do something with something, by its ARN."""

    function: str
    action: str
    resource: str


def main() -> int:
    """0 if all is well."""
    city = json.loads((ROOT / "target" / f"{NAME}.json").read_text())
    stack = Stack(city)
    # Each is written by itself, and a call is in the first no later than in the second.
    time.sleep(WRITTEN_WITHIN)
    made = calls(ROOT / "target" / NAME / "calls.json", city["stack"])
    time.sleep(WRITTEN_WITHIN)
    reached = partitions(ROOT / "target" / NAME / "leading.json", city["stack"])
    used: dict[Permission, int] = {}
    wrong: list[str] = []
    for function in stack.functions:
        wrong += [f"{function}: {oddity}" for oddity in stack.oddities(function)]
        for permission in sorted(stack.permissions(function)):
            used[permission] = made["allowed"][permission]
    excepted = {(each.function, each.action, stack.name_of(each.resource)) for each in used}
    wrong += [f"{' '.join(each)}: is an exception, and not allowed at all" for each in EXCEPTIONS if each not in excepted]
    for permission, times in used.items():
        name = stack.name_of(permission.resource)
        reason = EXCEPTIONS.get((permission.function, permission.action, name), "")
        print(f"{permission.function:10} {permission.action:30} {name:24} {times or reason or 'NEVER'}")
        if not times and not reason:
            wrong.append(f"{permission.function}: may {permission.action} on {name}, and never did")
    denied = sorted((call, times) for call, times in made["denied"].items() if call.function in stack.functions)
    wrong += [f"{call.function}: was denied {call.action} on {stack.name_of(call.resource)}, {times} times" for call, times in denied]
    for (call, family), times in sorted(reached.items()):
        print(f"{call.function:10} {call.action:30} {stack.name_of(call.resource):24} {family:24} {times}")
    wrong += denied_on_aws(stack, reached) + unnoted(stack, made["allowed"], reached)
    print(*wrong, sep="\n")
    print(f"permissions {len(used)}, used {sum(1 for times in used.values() if times)}, partitions reached {len(reached)}, wrong {len(wrong)}")
    return 1 if wrong else 0


def denied_on_aws(stack: Stack, reached: Counter[tuple[Permission, str]]) -> list[str]:
    """Which partitions functions reach that their roles deny them, and which denials cannot be held against what they reach."""
    denials = {function: stack.denials(function) for function in stack.functions}
    if not any(denials.values()):
        return ["no role denies anything by partitions: these are not the roles of the template"]
    wrong = [f"{function}: {oddity}" for function in stack.functions for denial in denials[function] for oddity in undecided(denial)]
    if wrong:
        return wrong
    for (call, family), times in sorted(reached.items()):
        name = f"{call.action} on {stack.name_of(call.resource)}"
        if family == NOT_UNDERSTOOD:
            wrong.append(f"{call.function}: {name} in a way that infra/local/leading.py does not understand, {times} times")
        elif any(denies(denial, call.action, call.resource, family) for denial in denials.get(call.function, [])):
            doing = "reads" if call.action in READING else "writes"
            wrong.append(f"{call.function} {doing} {family}, which its role denies: {name}, {times} times")
    return wrong


def unnoted(stack: Stack, allowed: Counter[Permission], reached: Counter[tuple[Permission, str]]) -> list[str]:
    """What functions did with the table without a partition that was noted. A scan names none."""
    asked = {call for call in allowed if call.function in stack.functions and call.action.startswith("dynamodb:")}
    noted = {call for call, _ in reached}
    silent = sorted(call for call in asked - noted if call.action != "dynamodb:Scan")
    return [f"{call.function}: {call.action} on {stack.name_of(call.resource)}, and of which partition was not noted" for call in silent]


class Stack:
    """The functions and roles of a running city, as they were deployed."""

    def __init__(self, city: dict[str, Any]) -> None:
        session = boto3.Session(city["accessKeyId"], city["secretAccessKey"], region_name=city["region"])
        client = {name: session.client(name, endpoint_url=city["aws"]) for name in ("cloudformation", "iam", "lambda")}
        self._iam = client["iam"]
        resources = client["cloudformation"].describe_stack_resources(StackName=city["stack"])["StackResources"]
        self._names = {last(each["PhysicalResourceId"]): each["LogicalResourceId"] for each in resources}
        functions = sorted(each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::Lambda::Function")
        self._roles, self._logs, self._queues = {}, {}, {}
        for physical in functions:
            function = physical.removeprefix(f"{city['stack']}-")
            self._roles[function] = last(client["lambda"].get_function_configuration(FunctionName=physical)["Role"])
            self._logs[function] = f":log-group:/aws/lambda/{physical}:*"
            sources = client["lambda"].list_event_source_mappings(FunctionName=physical)["EventSourceMappings"]
            self._queues[function] = {source["EventSourceArn"] for source in sources}
        self.functions = list(self._roles)

    def permissions(self, function: str) -> set[Permission]:
        """What the role allows, without what Lambda does in the function's name."""
        found = set()
        for statement in self._statements(function):
            if statement["Effect"] == "Allow":
                # Where one of them is missing, it is an oddity.
                for action in listed(statement.get("Action", [])):
                    resources = listed(statement.get("Resource", []))
                    found |= {Permission(function, action, on) for on in resources if not self._is_lambdas(function, action, on)}
        return found

    def oddities(self, function: str) -> list[str]:
        """What the template would not say: wildcards, and policies that stand elsewhere."""
        role = self._roles[function]
        found = [f"has the policy {each['PolicyArn']}" for each in self._iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
        for statement in self._statements(function):
            found += [f"says {key}" for key in ("NotAction", "NotResource") if key in statement]
            if statement["Effect"] == "Allow":
                found += [f"may {action}" for action in listed(statement.get("Action", [])) if "*" in action]
                found += [f"may do something with {on}" for on in listed(statement.get("Resource", [])) if self._is_wild(function, on)]
        return found

    def denials(self, function: str) -> list[dict[str, Any]]:
        """What the role denies under a condition."""
        return [statement for statement in self._statements(function) if is_denial(statement)]

    def name_of(self, resource: str) -> str:
        """What the template calls a thing: `Table/index/GSI1`, `Media/frozen/*`."""
        if not resource.startswith("arn:"):
            return resource
        _, _, service, _, _, rest = resource.split(":", 5)
        if service == "secretsmanager":
            # AWS puts six characters behind the name.
            rest = rest.removeprefix("secret:")[:-7]
        elif service != "s3":
            rest = re.sub(r"^(table|userpool)/", "", rest)
        first, slash, others = rest.partition("/")
        return f"{self._names.get(first, first)}{slash}{others}"

    def _statements(self, function: str) -> Iterator[dict[str, Any]]:
        role = self._roles[function]
        for policy in self._iam.list_role_policies(RoleName=role)["PolicyNames"]:
            statements = listed(self._iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"])
            yield from (each for each in statements if not allows_batches(each))

    def _is_lambdas(self, function: str, action: str, resource: str) -> bool:
        own_queue = resource in self._queues[function] and action in OF_LAMBDA["sqs"]
        return own_queue or (self._is_log(function, resource) and action in OF_LAMBDA["logs"])

    def _is_log(self, function: str, resource: str) -> bool:
        return f"{resource.removesuffix(':*')}:*".endswith(self._logs[function])

    def _is_wild(self, function: str, resource: str) -> bool:
        # The streams of its own log have names that nobody knows before.
        named = resource.removesuffix(":*") if self._is_log(function, resource) else resource
        return "*" in named and not FOLDER.fullmatch(resource)


def calls(file: Path, stack: str) -> dict[str, Counter[Permission]]:
    """What the functions asked for, and how often they were allowed and denied it."""
    if not file.exists():
        sys.exit(f"{file} is not there: start the city with KAIRAN_RECORD_CALLS=yes")
    made: dict[str, Counter[Permission]] = {"allowed": Counter(), "denied": Counter()}
    for call in json.loads(file.read_text()):
        asked = Permission(call["function"].removeprefix(f"{stack}-"), as_on_aws(call["action"]), call["resource"])
        made[call["answer"]][asked] += call["times"]
    return made


def partitions(file: Path, stack: str) -> Counter[tuple[Permission, str]]:
    """Which partitions of the table the functions reached (families of keys), by what they were allowed, and how often."""
    reached: Counter[tuple[Permission, str]] = Counter()
    for call in json.loads(file.read_text()) if file.exists() else []:
        reached[Permission(call["function"].removeprefix(f"{stack}-"), call["action"], call["resource"]), call["answer"]] += call["times"]
    return reached


def allows_batches(statement: dict[str, Any]) -> bool:
    """Whether it is one that the city adds, because MiniStack has names of its own for batches (infra/decisions/ministack-differences.md)."""
    return all(action.endswith("Batch") for action in listed(statement.get("Action", "")))


def as_on_aws(action: str) -> str:
    """The action that covers a call. A batch has the name of the single call on AWS, and one of its own in MiniStack.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api.html
    """
    return action.removesuffix("Batch") if action.startswith("sqs:") else action


def last(name: str) -> str:
    """The name at the end of an ARN or a URL."""
    return re.split("[/:]", name)[-1]


if __name__ == "__main__":
    sys.exit(main())
