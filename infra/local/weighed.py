"""What the functions' calls of the table weigh: the read and write units that DynamoDB would charge, for `recorded.py`.

Rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html. Writes are weighed by MiniStack itself, which
knows the item before and after, and the index. It takes every read for one of an item of 4 KB, so that reads are weighed here, by what they
answered: a query that leaves out attributes or items weighs too little here. What was refused is not weighed.
"""

from __future__ import annotations

import json
from typing import Any, Awaitable, Callable

Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[tuple[int, dict[str, str], bytes]]]
"""How MiniStack's services take a request: method, path, headers, body and query; and answer it: status, headers, body."""

READ_BYTES = 4096
"""Of a read unit."""

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
READS = {"GetItem", "BatchGetItem", "Query"}


def weighing(handle: Handler, function_of: Callable[[dict[str, str]], str | None], count: Callable[[str, str, str, int], None]) -> Handler:
    """The same, and counts for each call of a function its operation, `read` or `write`, and the half units: a reading that may be late costs half of one."""

    async def weighed(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        function = function_of(headers) if operation in WRITES | READS else None
        if not function:
            return await handle(method, path, headers, body, query)
        request = json.loads(body)
        if operation in WRITES:
            # The caller does not look at what it did not ask for.
            body = json.dumps(request | {"ReturnConsumedCapacity": "TOTAL"}).encode()
        answer = await handle(method, path, headers, body, query)
        if answer[0] == 200:
            kind = "write" if operation in WRITES else "read"
            count(function, f"dynamodb:{operation}", kind, half_units(operation, request, json.loads(answer[2])))
        return answer

    return weighed


def half_units(operation: str, request: dict[str, Any], answer: dict[str, Any]) -> int:
    """Half units of a call that succeeded."""
    if operation in WRITES:
        return round(2 * _written(answer))
    if operation == "GetItem":
        return _units(_bytes(answer.get("Item"))) * _halves(request)
    if operation == "Query":
        return _units(sum(map(_bytes, answer.get("Items", [])))) * _halves(request)
    total = 0
    for table, asked in request.get("RequestItems", {}).items():
        found = [_units(_bytes(item)) for item in answer.get("Responses", {}).get(table, [])]
        # What is not there costs a unit as well.
        total += (sum(found) + max(0, len(asked["Keys"]) - len(found))) * _halves(asked)
    return total


def _written(answer: dict[str, Any]) -> float:
    consumed = answer.get("ConsumedCapacity", [])
    return sum(each["CapacityUnits"] for each in (consumed if isinstance(consumed, list) else [consumed]))


def _units(size: int) -> int:
    return max(1, -(-size // READ_BYTES))


def _halves(reading: dict[str, Any]) -> int:
    return 2 if reading.get("ConsistentRead") else 1


def _bytes(item: dict[str, Any] | None) -> int:
    from ministack.services.dynamodb import _item_size_bytes

    return _item_size_bytes(item or {})
