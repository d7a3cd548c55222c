"""Webhooks: the SDK takes the simulator's signatures, and finds in each event what it looks for."""

import unittest

from linebot.v3 import webhook, webhooks
from linebot.v3.exceptions import InvalidSignatureError

from city import CHANNEL_SECRET, SdkTest


class Webhooks(SdkTest):
    def parsed(self):
        """The events of the next webhook, checked and read by the SDK."""
        body, signature = self.listener.next()
        return webhook.WebhookParser(CHANNEL_SECRET).parse(body, signature)

    def one(self, user, kind, **fields):
        """The event that something a resident does becomes."""
        played = self.play(user, kind, **fields)
        self.assertEqual(played["delivery"]["status"], 200)
        (event,) = self.parsed()
        self.assertEqual(event.webhook_event_id, played["webhookEventId"])
        self.assertEqual((event.mode, event.source.user_id), ("active", user))
        self.assertFalse(event.delivery_context.is_redelivery)
        return event

    def test_a_forged_or_changed_body_is_refused(self):
        self.play(self.resident(), "text", text="ごみ")
        body, signature = self.listener.next()
        validator = webhook.SignatureValidator(CHANNEL_SECRET)
        self.assertTrue(validator.validate(body, signature))
        self.assertFalse(validator.validate(body + " ", signature))
        with self.assertRaises(InvalidSignatureError):
            webhook.WebhookParser("another secret").parse(body, signature)

    def test_following_blocking_and_coming_back(self):
        user = self.resident()
        self.assertIsInstance(self.one(user, "unfollow"), webhooks.UnfollowEvent)
        event = self.one(user, "follow")
        self.assertIsInstance(event, webhooks.FollowEvent)
        self.assertTrue(event.follow.is_unblocked)
        self.assertTrue(event.reply_token)

    def test_messages_of_every_kind(self):
        user = self.resident()
        place = {"latitude": 34.7, "longitude": 136.5, "title": "City hall", "address": "1-1"}
        for kind, fields, content in (
            ("text", {"text": "かんでんち"}, webhooks.TextMessageContent),
            ("image", {}, webhooks.ImageMessageContent),
            ("video", {}, webhooks.VideoMessageContent),
            ("audio", {}, webhooks.AudioMessageContent),
            ("file", {}, webhooks.FileMessageContent),
            ("location", place, webhooks.LocationMessageContent),
            ("sticker", {}, webhooks.StickerMessageContent),
        ):
            event = self.one(user, kind, **fields)
            self.assertIsInstance(event, webhooks.MessageEvent, kind)
            self.assertIsInstance(event.message, content)
            self.assertTrue(event.reply_token)
            for name, value in fields.items():
                self.assertEqual(getattr(event.message, name), value)

    def test_taps(self):
        event = self.one(self.resident(), "postback", data="day=1", params={"date": "2026-04-01"})
        self.assertIsInstance(event, webhooks.PostbackEvent)
        self.assertEqual((event.postback.data, event.postback.params), ("day=1", {"date": "2026-04-01"}))

    def test_taking_back(self):
        user = self.resident()
        message_id = self.one(user, "text", text="oops").message.id
        event = self.one(user, "unsend", messageId=message_id)
        self.assertIsInstance(event, webhooks.UnsendEvent)
        self.assertEqual(event.unsend.message_id, message_id)

    def test_several_residents_in_one_body(self):
        users = self.residents(5)
        events = [{"userId": user, "type": "text", "text": str(number)} for number, user in enumerate(users)]
        self.simulator.call("POST", "/events", {"events": events})
        self.assertEqual([event.source.user_id for event in self.parsed()], users)

    def test_what_was_not_taken_comes_again_and_says_so(self):
        self.listener.status = 500
        played = self.play(self.resident(), "text", text="again")
        self.assertEqual(played["delivery"], {"status": 500, "attempts": 1, "redelivering": True})
        (first,) = self.parsed()
        self.listener.status = 200
        self.simulator.call("PUT", "/clock", {"advanceMs": 60_000})
        (again,) = self.parsed()
        self.assertEqual(again.webhook_event_id, first.webhook_event_id)
        self.assertEqual([event.delivery_context.is_redelivery for event in (first, again)], [False, True])

    def test_an_event_that_the_sdk_does_not_know(self):
        odd = {"type": "invented", "mode": "active", "timestamp": 1, "source": {"type": "user", "userId": "U1"}}
        odd |= {"webhookEventId": "01", "deliveryContext": {"isRedelivery": False}}
        self.play(self.resident(), "raw", event=odd)
        (event,) = self.parsed()
        self.assertEqual(event.type, "invented")


if __name__ == "__main__":
    unittest.main()
