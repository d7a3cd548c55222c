"""Which partitions a call reaches, and which of them a role denies: what the judgement after the tests of a city stands on.

    python3 tests/city/leading_keys.py

No city runs for it: `infra/local/leading.py` and `denials.py` by themselves.
"""

import asyncio
import json
import sys
import unittest
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "infra" / "local"))

import denials  # noqa: E402
import leading  # noqa: E402

TABLE = "arn:aws:dynamodb:ap-northeast-1:000000000000:table/Table"
INDEX = f"{TABLE}/index/GSI1"


def key(partition: str) -> dict[str, Any]:
    """A key of the table."""
    return {"PK": {"S": partition}, "SK": {"S": "Ua"}}


def denial(operator: str, *patterns: str, action: Any = "dynamodb:GetItem", on: Any = TABLE) -> dict[str, Any]:
    """A denial by partitions."""
    return {"Effect": "Deny", "Action": action, "Resource": on, "Condition": {operator: {"dynamodb:LeadingKeys": list(patterns)}}}


class Calls(unittest.TestCase):
    """What calls reach."""

    def assert_reaches(self, operation: str, request: dict[str, Any], *reached: tuple[str, str, str]) -> None:
        """These, in this order."""
        self.assertEqual(leading.families(operation, json.dumps(request).encode()), list(reached))

    def test_of_a_key_only_the_family_is_kept(self) -> None:
        for whole in ("TOWN", "BROADCASTS#done", "TOWN#shelters"):
            self.assertEqual(leading.family(whole), whole)
        for partition in ("REPORTER#U4af4980629", "REPORT#0190", "TOWN-JOURNAL#a-b", "SELDOM#a#b", "CHAT#名前", "CHAT#", "RESIDENT#ab"):
            self.assertEqual(leading.family(partition), f"{partition.partition('#')[0]}#*")

    def test_one_item(self) -> None:
        for operation in ("GetItem", "UpdateItem", "DeleteItem"):
            self.assert_reaches(operation, {"TableName": "T", "Key": key("REPORT#1")}, (f"dynamodb:{operation}", "T", "REPORT#*"))
        self.assert_reaches("PutItem", {"TableName": "T", "Item": key("TOWN")}, ("dynamodb:PutItem", "T", "TOWN"))

    def test_several_items(self) -> None:
        keys = {"Keys": [key("TOWN"), key("PHOTO#1")]}
        self.assert_reaches("BatchGetItem", {"RequestItems": {"T": keys}}, *(("dynamodb:BatchGetItem", "T", each) for each in ("TOWN", "PHOTO#*")))
        writes = [{"PutRequest": {"Item": key("TOWN")}}, {"DeleteRequest": {"Key": key("PHOTO#1")}}]
        self.assert_reaches("BatchWriteItem", {"RequestItems": {"T": writes}}, *(("dynamodb:BatchWriteItem", "T", each) for each in ("TOWN", "PHOTO#*")))

    def test_a_transaction_is_what_it_is_made_of(self) -> None:
        steps = [{kind: {"TableName": "T", "Key": key(f"{kind}#1")}} for kind in ("Update", "Delete", "ConditionCheck")]
        made_of = [(f"dynamodb:{kind}Item", "T", f"{kind}#*") for kind in ("Put", "Update", "Delete", "ConditionCheck")]
        self.assert_reaches("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "T", "Item": key("Put#1")}}, *steps]}, *made_of)

    def test_a_query_reaches_the_partition_of_what_it_asks(self) -> None:
        values = {":pk": {"S": "BROADCASTS#sending"}, ":place": {"S": "REPORT#1"}}
        for condition in ("PK = :pk", "PK = :pk AND SK > :place", "SK = :place AND PK=:pk", "#p = :pk AND SK >= :place"):
            request = {"TableName": "T", "KeyConditionExpression": condition, "ExpressionAttributeValues": values, "ExpressionAttributeNames": {"#p": "PK"}}
            self.assert_reaches("Query", request, ("dynamodb:Query", "T", "BROADCASTS#sending"))
        request = {"TableName": "T", "IndexName": "GSI1", "KeyConditionExpression": "GSI1PK = :pk", "ExpressionAttributeValues": values}
        self.assert_reaches("Query", request, ("dynamodb:Query", "T/index/GSI1", "BROADCASTS#sending"))

    def test_a_scan_reaches_none_and_what_is_new_is_not_passed_over(self) -> None:
        self.assert_reaches("Scan", {"TableName": "T"})
        index = {"TableName": "T", "IndexName": "GSI2", "KeyConditionExpression": "GSI2PK = :pk", "ExpressionAttributeValues": {":pk": {"S": "A"}}}
        for operation, request in (("ExecuteStatement", {"Statement": "SELECT"}), ("Query", {"TableName": "T"}), ("Query", index), ("GetItem", {})):
            self.assert_reaches(operation, request, (f"dynamodb:{operation}", "", "?"))

    def test_who_is_no_function_is_not_noted_and_every_call_goes_on(self) -> None:
        noted: list[tuple[str, ...]] = []

        async def handle(*call: Any) -> Any:
            return call

        handling = leading.noting(handle, lambda headers: headers.get("who"), lambda *note: noted.append(note))
        body = json.dumps({"TableName": "T", "Key": key("TOWN")}).encode()
        for headers in ({"x-amz-target": "DynamoDB_20120810.GetItem"}, {"x-amz-target": "DynamoDB_20120810.GetItem", "who": "sender"}):
            self.assertEqual(asyncio.run(handling("POST", "/", headers, body, {})), ("POST", "/", headers, body, {}))
        self.assertEqual(noted, [("sender", "dynamodb:GetItem", "T", "TOWN")])


class Denials(unittest.TestCase):
    """What a role denies."""

    def test_all_but_what_is_its_own(self) -> None:
        own = denial("ForAnyValue:StringNotLike", "BROADCAST#*", "BROADCASTS#done", "SENDING")
        for family in ("BROADCAST#*", "BROADCASTS#done", "SENDING"):
            self.assertFalse(denials.denies(own, "dynamodb:GetItem", TABLE, family), family)
        for family in ("TOWN", "BROADCASTS#drafts", "BROADCASTS#*", "SENDING#*", "REPORT#*"):
            self.assertTrue(denials.denies(own, "dynamodb:GetItem", TABLE, family), family)

    def test_what_is_named(self) -> None:
        log = denial("ForAnyValue:StringLike", "AUDIT", "AUDIT#*")
        self.assertEqual([denials.denies(log, "dynamodb:GetItem", TABLE, family) for family in ("AUDIT", "AUDIT#*", "AUDITED")], [True, True, False])

    def test_of_its_actions_on_its_resources(self) -> None:
        both = denial("ForAnyValue:StringNotLike", "TOWN", action=["dynamodb:GetItem", "dynamodb:Query"], on=[TABLE, INDEX])
        self.assertTrue(denials.denies(both, "dynamodb:Query", INDEX, "REPORT#*"))
        self.assertFalse(denials.denies(both, "dynamodb:PutItem", TABLE, "REPORT#*"))
        self.assertFalse(denials.denies(denial("ForAnyValue:StringNotLike", "TOWN", action="dynamodb:Query"), "dynamodb:Query", INDEX, "REPORT#*"))

    def test_what_cannot_be_decided_is_said(self) -> None:
        self.assertEqual(denials.undecided(denial("ForAnyValue:StringNotLike", "TOWN", "TOWN#*", "TOWN-JOURNAL#*", "BROADCASTS#done")), [])
        for pattern in ("*", "REPORT#0*", "TOW?", "CHAT#U1", "A#*#b"):
            self.assertEqual(len(denials.undecided(denial("ForAnyValue:StringLike", pattern))), 1, pattern)
        self.assertEqual(len(denials.undecided(denial("ForAllValues:StringLike", "TOWN"))), 1)
        other = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        self.assertEqual(len(denials.undecided(other)), 1)


if __name__ == "__main__":
    unittest.main()
