"""What a role denies by partitions of the table (`Deny` with `dynamodb:LeadingKeys`), read as IAM reads it, for `permissions.py`.

MiniStack does not know this condition (infra/decisions/ministack-differences.md), so that nothing in a city is denied by it.
"""

from __future__ import annotations

import re
from typing import Any

KEYS = "dynamodb:LeadingKeys"
OPERATORS = {"ForAnyValue:StringLike": True, "ForAnyValue:StringNotLike": False}
"""The ways of comparing that are read here, and whether a key that one of the patterns matches is denied, or one that none of them does."""

DECIDED = re.compile(r"[^#*?]+(#(\*|[a-z]{3,}))?")
"""Patterns for which the family of a key is enough (`infra/local/leading.py`): `TOWN`, `REPORT#*`, `BROADCASTS#done`."""


def is_denial(statement: dict[str, Any]) -> bool:
    """Whether it denies something under a condition."""
    return statement["Effect"] == "Deny" and "Condition" in statement


def undecided(denial: dict[str, Any]) -> list[str]:
    """Why what was recorded cannot be held against it."""
    condition = denial["Condition"]
    if len(condition) != 1 or not condition.keys() <= OPERATORS.keys() or any(keys.keys() != {KEYS} for keys in condition.values()):
        return [f"denies under a condition that no call is held against: {condition}"]
    return [f"denies by the pattern {each}, for which too little of a key is recorded" for each in _patterns(denial) if not DECIDED.fullmatch(each)]


def denies(denial: dict[str, Any], action: str, resource: str, family: str) -> bool:
    """Whether it denies a call of this action, on this table or index, with a key of this family."""
    if not (_matches(listed(denial["Action"]), action) and _matches(listed(denial["Resource"]), resource)):
        return False
    (operator,) = denial["Condition"]
    return _matches(_patterns(denial), family) == OPERATORS[operator]


def listed(value: Any) -> list[Any]:
    """One or several, as policies have them."""
    return value if isinstance(value, list) else [value]


def _patterns(denial: dict[str, Any]) -> list[str]:
    return [each for keys in denial["Condition"].values() for each in listed(keys[KEYS])]


def _matches(patterns: list[str], text: str) -> bool:
    """Whether one of them does; `*` and `?` are wild, and nothing else."""
    return any(re.fullmatch(re.escape(each).replace(r"\*", ".*").replace(r"\?", "."), text, re.DOTALL) for each in patterns)
