"""Refusals: the SDK raises what LINE's errors make it raise, with what LINE says about them."""

import unittest
import uuid

from linebot.v3 import messaging as line

from city import SdkTest, text


class Errors(SdkTest):
    def push(self, user, message=None, retry_key=None):
        request = line.PushMessageRequest(to=user, messages=[message or text()])
        return self.api.push_message_with_http_info(request, retry_key)

    def test_a_retry_key_is_accepted_once(self):
        user, key = self.resident(), str(uuid.uuid4())
        accepted = self.push(user, retry_key=key)
        with self.assertRaises(line.ApiException) as caught:
            self.push(user, retry_key=key)
        refusal = caught.exception
        self.assertEqual(refusal.status, 409)
        self.assertEqual(refusal.headers["x-line-accepted-request-id"], accepted.headers["x-line-request-id"])
        self.assertNotEqual(refusal.headers["x-line-request-id"], accepted.headers["x-line-request-id"])
        self.assertIn(accepted.data.sent_messages[0].id, refusal.body)
        self.assertEqual(len(self.heard(user)), 1)

    def test_a_retry_key_works_where_the_first_answer_was_lost(self):
        user, key = self.resident(), str(uuid.uuid4())
        rules = [{"on": "multicast", "kind": "timeoutAfterAccept", "times": 1, "ms": 0}]
        self.simulator.call("PUT", "/faults", {"rules": rules})
        request = line.MulticastRequest(to=[user], messages=[text()])
        # urllib3 tries a broken connection again by itself only for methods that may be repeated, which POST is not.
        with self.assertRaises(Exception) as lost:
            self.api.multicast(request, key)
        self.assertNotIsInstance(lost.exception, line.ApiException)
        self.refused(409, lambda: self.api.multicast(request, key))
        self.assertEqual(len(self.heard(user)), 1)

    def test_what_is_wrong_is_said_in_details(self):
        refusal = self.refused(400, lambda: self.push(self.resident(), text("")))
        self.assertEqual(refusal["details"][0]["property"], "messages[0].text")

    def test_one_wrong_recipient_refuses_the_whole_multicast(self):
        user = self.resident()
        request = line.MulticastRequest(to=[user, "nobody"], messages=[text()])
        refusal = self.refused(400, lambda: self.api.multicast(request))
        self.assertEqual(refusal["details"], [{"message": "Invalid user ID", "property": "to[1]"}])
        self.assertEqual(self.heard(user), [])

    def test_an_unknown_token_is_401(self):
        with self.assertRaises(line.exceptions.UnauthorizedException):
            self.api_with("unknown").get_bot_info()

    def test_what_is_not_there_is_404(self):
        for call in (lambda: self.api.get_profile("U" + "0" * 32), lambda: self.api.get_rich_menu("richmenu-0")):
            with self.assertRaises(line.exceptions.NotFoundException):
                call()

    def test_both_kinds_of_429(self):
        user = self.resident()
        for kind, words in (("rate429", "rate limit"), ("quota429", "monthly limit")):
            self.simulator.call("PUT", "/faults", {"rules": [{"on": "push", "kind": kind, "times": 1}]})
            self.assertIn(words, self.refused(429, lambda: self.push(user))["message"])
        self.push(user)

    def test_the_rate_limit_itself_is_429(self):
        user = self.resident()
        request = line.MulticastRequest(to=[user], messages=[text()])
        self.simulator.call("PUT", "/clock", {"now": "2030-01-01T00:00:00+09:00", "frozen": True})
        self.simulator.call("PUT", "/limits", {"multicastPerSecond": 2})
        try:
            self.api.multicast(request)
            self.api.multicast(request)
            self.refused(429, lambda: self.api.multicast(request))
        finally:
            self.simulator.call("PUT", "/limits", {"multicastPerSecond": 200})
            self.simulator.call("PUT", "/clock", {"real": True})

    def test_a_failure_of_lines_is_500(self):
        self.simulator.call("PUT", "/faults", {"rules": [{"on": "push", "kind": "error500", "times": 1}]})
        user = self.resident()
        with self.assertRaises(line.exceptions.ServiceException):
            self.push(user)
        self.assertEqual(self.heard(user), [])


if __name__ == "__main__":
    unittest.main()
