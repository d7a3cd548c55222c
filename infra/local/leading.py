"""Which partitions of the table the functions' calls reach, for `recorded.py`: what AWS calls `dynamodb:LeadingKeys`, and MiniStack does not know.

Of a partition key only the family is kept, in which nobody's id is: `REPORT#*`. It is the table's own key for an item and the index's for a query of
an index (https://matt.martz.codes/lock-down-dynamodb-with-iam-policy-conditions tried it; AWS says "the partition key"). A transaction is
what it is made of: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html. A scan has no such key, and nothing that
asks for any of its values (`ForAnyValue`) is true of it.
"""

from __future__ import annotations

import json
import re
from typing import Any, Awaitable, Callable, Iterator

Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[tuple[int, dict[str, str], bytes]]]
"""How MiniStack's services take a request: method, path, headers, body and query; and answer it: status, headers, body."""

NOT_UNDERSTOOD = "?"
"""In place of a family, where a call is made in a way that is not known here. `tests/city/permissions.py` fails on it."""

KEYS = {None: "PK", "GSI1": "GSI1PK"}
"""The partition key of the table, and of its index."""

_WHOLE = re.compile(r"[^#]*(#[a-z]{3,})?")
_EQUAL = re.compile(r"([#\w]+)\s*=\s*(:\w+)")


def noting(handle: Handler, function_of: Callable[[dict[str, str]], str | None], note: Callable[[str, str, str, str], None]) -> Handler:
    """The same, and notes for each key of a call of a function its action, the table or index, and the key's family."""

    async def noted(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        if function := function_of(headers):
            for action, thing, reached in families(headers.get("x-amz-target", "").rpartition(".")[2], body):
                note(function, action, thing, reached)
        return await handle(method, path, headers, body, query)

    return noted


def families(operation: str, body: bytes) -> list[tuple[str, str, str]]:
    """Action, table (`NAME` or `NAME/index/GSI1`) and family of each key that a call names."""
    try:
        return [(f"dynamodb:{action}", thing, family(key)) for action, thing, key in _keys(operation, json.loads(body))]
    except (AttributeError, KeyError, TypeError, ValueError):
        return [(f"dynamodb:{operation}", "", NOT_UNDERSTOOD)]


def family(key: str) -> str:
    """`REPORT#*` for one report's key. Whole are names, which are nobody's ids: `TOWN`, `BROADCASTS#done`."""
    return key if _WHOLE.fullmatch(key) else f"{key.partition('#')[0]}#*"


def _keys(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if operation in ("GetItem", "PutItem", "UpdateItem", "DeleteItem"):
        yield operation, request["TableName"], _partition(request)
    elif operation == "Query":
        index = request.get("IndexName")
        yield operation, request["TableName"] + (f"/index/{index}" if index else ""), _queried(request, KEYS[index])
    elif operation == "BatchGetItem":
        for table, asked in request["RequestItems"].items():
            yield from ((operation, table, _partition({"Key": key})) for key in asked["Keys"])
    elif operation == "BatchWriteItem":
        for table, writes in request["RequestItems"].items():
            yield from ((operation, table, _partition(each)) for write in writes for each in write.values())
    elif operation in ("TransactWriteItems", "TransactGetItems"):
        for step in request["TransactItems"]:
            # Put, Update, Delete, ConditionCheck, Get.
            yield from ((f"{kind}Item", each["TableName"], _partition(each)) for kind, each in step.items())
    elif operation != "Scan":
        raise ValueError(operation)


def _partition(named: dict[str, Any]) -> str:
    return (named.get("Item") or named["Key"])["PK"]["S"]


def _queried(request: dict[str, Any], key: str) -> str:
    names = request.get("ExpressionAttributeNames", {})
    equal = {names.get(name, name): value for name, value in _EQUAL.findall(request["KeyConditionExpression"])}
    return request["ExpressionAttributeValues"][equal[key]]["S"]
