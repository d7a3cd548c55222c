"""Checks bills of materials: each is as CycloneDX's schema wants it, names what a bill must name, and leaves out nothing that is locked.

    sbom_check.py CHECKOUT BILLS TARGET    with the Python of target/supply/sbom-python, by tests/supply/sbom
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

# A function is built of more crates of other people's than these; fewer were counted by mistake.
CRATES_MIN = 50


def main():
    checkout, bills, target = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    complaints = []
    found = {path.name.removesuffix(".cdx.json"): json.loads(path.read_text(encoding="utf-8")) for path in sorted(bills.glob("*.cdx.json"))}
    for name, bill in found.items():
        complaints += [f"{name}: {complaint}" for complaint in of_bill(bill)]
    for name, wanted in expected(checkout, target).items():
        if name not in found:
            complaints.append(f"{name}: there is no bill of it")
            continue
        named = {(part["name"], part["version"]) for part in parts(found[name])}
        if len(wanted) < (CRATES_MIN if name.startswith("functions-") and not name.endswith("-npm") else 0):
            complaints.append(f"{name}: only {len(wanted)} crates were counted, so the check itself is at fault")
        complaints += [f"{name}: lacks {part} {version}" for part, version in sorted(wanted - named)]
    for complaint in complaints:
        print(complaint)
    total = sum(len(parts(bill)) for bill in found.values())
    print(f"{len(found)} bills of materials with {total} parts in {bills}, {len(complaints)} complaints")
    sys.exit(1 if complaints else 0)


def parts(bill):
    return bill.get("components", [])


def of_bill(bill):
    """What is wrong with one bill."""
    version = SchemaVersion.from_version(bill["specVersion"])
    fault = JsonStrictValidator(version).validate_str(json.dumps(bill))
    if fault:
        yield f"not as CycloneDX {bill['specVersion']} wants it: {str(fault)[:400]}"
    if version < SchemaVersion.V1_5:
        yield f"CycloneDX {bill['specVersion']} is too old"
    if not bill.get("metadata", {}).get("component", {}).get("name"):
        yield "does not say what it is a bill of"
    for part in parts(bill):
        missing = [field for field in ("type", "name", "version", "purl") if not part.get(field)]
        if missing:
            yield f"{part.get('name')} has no {', '.join(missing)}"
        # Lists of Python say no licences; those of npm are held by tests/workspace/supply.rs.
        if not part.get("licenses") and part.get("purl", "").startswith("pkg:cargo/"):
            yield f"{part.get('name')} has no licence"


def expected(checkout, target):
    """By the name of its bill, what each folder takes from a registry: pairs of name and version."""
    every = {}
    for manifest in [*checkout.glob("functions/*/Cargo.toml"), *checkout.glob("shared/*/Cargo.toml"), *checkout.glob("infra/*/Cargo.toml")]:
        every[name_of(manifest.parent, checkout)] = crates(manifest, target)
    for lock in checkout.rglob("package-lock.json"):
        packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
        every[name_of(lock.parent, checkout) + "-npm"] = {
            (path.rpartition("node_modules/")[2], package["version"]) for path, package in packages.items() if path and not package.get("link")
        }
    for requirements in checkout.rglob("requirements*.txt"):
        pinned = re.findall(r"^([\w.-]+)==([^\s;]+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
        every[name_of(requirements.with_suffix(""), checkout)] = set(pinned)
    return every


def crates(manifest, target):
    """What cargo builds into a crate, of other people's. In its folder it is meant without being named: one of ours has a namesake."""
    command = ["cargo", "tree", "--locked", "--edges", "normal", "--target", target, "--prefix", "none", "--format", "{p}"]
    lines = subprocess.run(command, cwd=manifest.parent, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    named = (line.split() for line in lines if line.strip() and "(/" not in line)
    return {(words[0], words[1].removeprefix("v")) for words in named}


def name_of(folder, checkout):
    return "-".join(folder.relative_to(checkout).parts)


if __name__ == "__main__":
    main()
