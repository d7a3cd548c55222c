"""How long each function needs from the start of its process to its first call of AWS and to its first answer, beside Node."""

import json
import statistics
import subprocess
from pathlib import Path

from starts.functions import ANSWERS, FUNCTIONS, told_by_lambda, told_by_template
from starts.stand_in import Failure, StandIn
from tables import print_row, verdict, zipped

HERE = Path(__file__).resolve().parent
NODE = HERE / "node"
CALL_MAX_MS = 60
# Some functions do more in some minutes; more than two such minutes do not follow each other.
ATTEMPTS = 4
# As services name themselves in the requests, and where their clients are.
SERVICES = {
    "DynamoDB_20120810": "DynamoDB",
    "AmazonSQS": "SQS",
    "secretsmanager": "SecretsManager",
}
PACKAGES = {
    "CognitoIdentityProvider": "@aws-sdk/client-cognito-identity-provider",
    "DynamoDB": "@aws-sdk/client-dynamodb",
    "S3": "@aws-sdk/client-s3",
    "SQS": "@aws-sdk/client-sqs",
    "SecretsManager": "@aws-sdk/client-secrets-manager",
}


def measured(name, program, node, folder, rounds):
    """All starts of one function and of its like on Node, by turns; the first turn only warms the disk."""
    stand_in = StandIn()
    for _ in range(ATTEMPTS):
        calls = start(name, [program], stand_in)["calls"]
        bundle = bundled(name, calls, folder)
        sides = {"Kairan": [program], "Node": [node, "--no-warnings", bundle]}
        starts = {side: [] for side in sides}
        for _ in range(rounds + 1):
            for side, command in sides.items():
                starts[side].append(start(name, command, stand_in))
        if all(targets(one["calls"]) == targets(calls) for those in starts.values() for one in those):
            kept = {side: [figures(one) for one in those[1:]] for side, those in starts.items()}
            return {"calls": targets(calls), "starts": kept, "zip": {"Kairan": zipped(program), "Node": zipped(bundle)}}
    raise Failure(f"{name} asks AWS for something else each time")


def targets(calls):
    """What was asked for: the first call, and the others in any order, as some are made side by side."""
    first, *others = [call["target"] for call in calls]
    return [first, *sorted(others)]


def start(name, command, stand_in):
    """One start."""
    told = told_by_lambda(stand_in.address) | told_by_template(stand_in.address)
    try:
        return stand_in.start([str(part) for part in command], told, FUNCTIONS[name].event, ANSWERS)
    except Failure as failure:
        raise Failure(f"{name}: {failure}") from failure


def figures(one):
    return {key: one[key] for key in ("callMs", "answerMs", "peakKb")}


def bundled(name, calls, folder):
    """The function's like on Node, in one file as `sam build` makes it with esbuild: makes its clients, and for its event these calls."""
    bundle = folder / name / "index.cjs"
    command = [NODE / "node_modules" / ".bin" / "esbuild", "--bundle", "--minify", "--platform=node", "--target=node20"]
    # The SDK's modules, of which only what is used is taken, start faster than its CommonJS.
    options = ["--format=cjs", "--main-fields=module,main", f"--outfile={bundle}", "--log-level=warning"]
    source = program_of(FUNCTIONS[name].services, calls)
    subprocess.run([*command, *options], input=source, text=True, cwd=NODE, check=True)
    return bundle


def program_of(services, calls):
    """Its source."""
    asked = [(SERVICES[service], operation, call["input"]) for call in calls for service, _, operation in [call["target"].partition(".")]]
    lines = ['import { answer } from "./main.mjs";']
    for service in services:
        commands = sorted({f"{operation}Command" for of, operation, _ in asked if of == service})
        lines.append(f'import {{ {", ".join([f"{service}Client", *commands])} }} from "{PACKAGES[service]}";')
    clients = ", ".join(f"{service}: new {service}Client({{}})" for service in services)
    works = ", ".join(f"[{json.dumps(of)}, {operation}Command, {json.dumps(given)}]" for of, operation, given in asked)
    variables = json.dumps(list(told_by_template("")))
    lines.append(f"answer({variables}, {{ {clients} }}, [{works}]);")
    return "\n".join(lines)


def print_starts_of_functions(machine, functions):
    """The table; whether all of ours are quick enough."""
    rounds = len(next(iter(functions.values()))["starts"]["Kairan"])
    print(
        f"An AWS whose table is empty, on one core of {machine['processor']}; medians of {rounds} starts by turns; beside each figure that of"
        f" Node {machine['node']}, and how many times ours it is.\n"
    )
    print("| function | calls of AWS | ms to the first of them | ms to the first answer | peak memory, MB | zip, MB |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, one in functions.items():
        cells = [beside(middles(one, key), per) for key, per in (("callMs", 1), ("answerMs", 1), ("peakKb", 1024))]
        sizes = " / ".join(f"{size / 1e6:.2f}" for size in one["zip"].values())
        print_row(name, [str(len(one["calls"])), *cells, sizes])
    slow = [name for name, one in functions.items() if CALL_MAX_MS < middles(one, "callMs")[0]]
    print(f"\nExpected of each of ours: at most {CALL_MAX_MS} ms before its first call of AWS: {' '.join([verdict(not slow), *slow])}.")
    return not slow


def middles(function, key):
    """The medians of ours and of Node's."""
    return [statistics.median(one[key] for one in function["starts"][side]) for side in ("Kairan", "Node")]


def beside(figures, per):
    ours, others = (figure / per for figure in figures)
    return f"{ours:.1f} / {others:.1f} ({others / ours:.1f} x)"
