"""The account and its friends: quota, counts, profiles, followers, animation, webhook endpoint."""

import unittest

from linebot.v3 import messaging as line

from city import SdkTest, text

DAY_MS = 24 * 3600 * 1000


class Account(SdkTest):
    def test_quota_and_consumption(self):
        self.assertEqual(self.api.get_message_quota().type, "none")
        self.simulator.call("PUT", "/limits", {"monthlyQuota": 1_000})
        quota = self.api.get_message_quota()
        self.assertEqual((quota.type, quota.value), ("limited", 1_000))
        before = self.api.get_message_quota_consumption().total_usage
        self.api.push_message(line.PushMessageRequest(to=self.resident(), messages=[text()]))
        self.assertEqual(self.api.get_message_quota_consumption().total_usage, before + 1)
        self.simulator.call("PUT", "/limits", {"monthlyQuota": None})

    def test_sent_messages_are_counted_by_day_and_way(self):
        user = self.resident()
        self.simulator.call("PUT", "/clock", {"now": "2030-06-01T12:00:00+09:00"})
        token = self.play(user, "text", text="?")["replyToken"]
        self.api.reply_message(line.ReplyMessageRequest(reply_token=token, messages=[text()]))
        self.api.push_message(line.PushMessageRequest(to=user, messages=[text()]))
        self.api.multicast(line.MulticastRequest(to=[user], messages=[text()]))
        self.api.broadcast(line.BroadcastRequest(messages=[text()]))
        ways = ("reply", "push", "multicast", "broadcast")
        counts = [getattr(self.api, f"get_number_of_sent_{way}_messages") for way in ways]
        self.assertEqual({count("20300601").status for count in counts}, {"unready"})
        self.simulator.call("PUT", "/clock", {"advanceMs": DAY_MS})
        for way, count in zip(ways, counts):
            counted = count("20300601")
            self.assertEqual(counted.status, "ready", way)
            self.assertGreaterEqual(counted.success, 1, way)

    def test_a_friends_profile(self):
        wish = {"count": 1, "seed": "named", "name": "甲斐 蘭", "webhooks": False}
        user = self.simulator.call("POST", "/residents", wish)["residents"][0]["userId"]
        profile = self.api.get_profile(user)
        self.assertEqual((profile.user_id, profile.display_name, profile.language), (user, "甲斐 蘭", "ja"))

    def test_followers_come_in_pages(self):
        expected = set(self.residents(7))
        found, start = [], None
        for _ in range(50):
            page = self.api.get_followers(start=start, limit=3)
            found += page.user_ids
            start = page.next
            if start is None:
                break
        self.assertIsNone(start)
        self.assertEqual(len(found), len(set(found)))
        self.assertLessEqual(expected, set(found))

    def test_the_account_itself(self):
        info = self.api.get_bot_info()
        self.assertRegex(info.user_id, "^U[0-9a-f]{32}$")
        self.assertEqual(info.chat_mode, "bot")

    def test_a_link_token(self):
        user = self.resident()
        first, second = self.api.issue_link_token(user), self.api.issue_link_token(user)
        self.assertNotEqual(first.link_token, second.link_token)

    def test_the_loading_animation(self):
        request = line.ShowLoadingAnimationRequest(chat_id=self.resident(), loading_seconds=5)
        self.assertEqual(self.api.show_loading_animation_with_http_info(request).status_code, 202)

    def test_messages_are_marked_as_read(self):
        self.play(self.resident(), "text", text="?")
        body, _ = self.listener.next()
        token = body.split('"markAsReadToken":"')[1].split('"')[0]
        self.api.mark_messages_as_read_by_token(line.MarkMessagesAsReadByTokenRequest(mark_as_read_token=token))

    def test_the_webhook_endpoint_is_set_read_and_tried(self):
        url = f"{self.listener.url}?set-by-the-sdk"
        self.api.set_webhook_endpoint(line.SetWebhookEndpointRequest(endpoint=url))
        endpoint = self.api.get_webhook_endpoint()
        self.assertEqual((endpoint.endpoint, endpoint.active), (url, True))
        tried = self.api.test_webhook_endpoint(line.TestWebhookEndpointRequest())
        self.assertEqual((tried.success, tried.status_code, tried.reason), (True, 200, "OK"))
        self.assertIn('"events":[]', self.listener.next()[0])
        self.listener.status = 503
        tried = self.api.test_webhook_endpoint(line.TestWebhookEndpointRequest(endpoint=self.listener.url))
        self.assertEqual((tried.success, tried.status_code, tried.reason), (False, 503, "ERROR_STATUS_CODE"))


if __name__ == "__main__":
    unittest.main()
