"""Reply, push, multicast, narrowcast, broadcast: what the SDK sends arrives as it was written."""

import unittest
import uuid

from linebot.v3 import messaging as line

from city import SdkTest, text


def kinds():
    """A message of every kind that the simulator knows, with every action in it somewhere."""
    picture = "https://example.com/picture.jpg"
    actions = [
        line.MessageAction(label="Say", text="ごみ"),
        line.PostbackAction(label="Tap", data="a=1", display_text="押す"),
        line.URIAction(label="Open", uri="https://example.com/"),
        line.DatetimePickerAction(label="Date", data="d", mode="date", initial="2026-04-01"),
    ]
    quick_only = [line.CameraAction(label="Take"), line.CameraRollAction(label="Album"), line.LocationAction(label="At")]
    columns = [line.CarouselColumn(text="Column", title="Title", thumbnail_image_url=picture, actions=actions[:2])] * 2
    bubble = line.FlexBubble(
        header=line.FlexBox(layout="vertical", contents=[line.FlexText(text="Head", weight="bold", size="lg")]),
        hero=line.FlexImage(url=picture, size="full", aspect_ratio="20:13", aspect_mode="cover"),
        body=line.FlexBox(
            layout="vertical",
            contents=[
                line.FlexText(text="Body", wrap=True, contents=[line.FlexSpan(text="span", color="#ff0000")]),
                line.FlexSeparator(margin="md"),
                line.FlexBox(layout="baseline", contents=[line.FlexIcon(url=picture), line.FlexFiller()]),
            ],
        ),
        footer=line.FlexBox(layout="horizontal", contents=[line.FlexButton(action=actions[1], style="primary")]),
    )
    return [
        line.TextMessage(
            text="$ words",
            emojis=[line.Emoji(index=0, product_id="5ac1bfd5040ab15980c9b435", emoji_id="001")],
            quick_reply=line.QuickReply(items=[line.QuickReplyItem(action=action) for action in actions + quick_only]),
        ),
        line.TextMessageV2(
            text="Hi {name}",
            substitution={"name": line.EmojiSubstitutionObject(product_id="5ac1bfd5040ab15980c9b435", emoji_id="001")},
        ),
        line.StickerMessage(package_id="446", sticker_id="1988"),
        line.ImageMessage(original_content_url=picture, preview_image_url=picture),
        line.VideoMessage(original_content_url="https://example.com/v.mp4", preview_image_url=picture),
        line.AudioMessage(original_content_url="https://example.com/a.m4a", duration=60_000),
        line.LocationMessage(title="City hall", address="1-1", latitude=34.7, longitude=136.5),
        line.ImagemapMessage(
            base_url="https://example.com/map",
            alt_text="Map",
            base_size=line.ImagemapBaseSize(width=1040, height=520),
            actions=[
                line.URIImagemapAction(
                    link_uri="https://example.com/", area=line.ImagemapArea(x=0, y=0, width=520, height=520)
                )
            ],
        ),
        line.TemplateMessage(alt_text="Buttons", template=line.ButtonsTemplate(text="Choose", actions=actions)),
        line.TemplateMessage(alt_text="Confirm", template=line.ConfirmTemplate(text="Sure?", actions=actions[:2])),
        line.TemplateMessage(alt_text="Carousel", template=line.CarouselTemplate(columns=columns)),
        line.TemplateMessage(
            alt_text="Pictures",
            template=line.ImageCarouselTemplate(
                columns=[line.ImageCarouselColumn(image_url=picture, action=actions[2])]
            ),
        ),
        line.FlexMessage(alt_text="Bubble", contents=bubble),
        line.FlexMessage(alt_text="Carousel", contents=line.FlexCarousel(contents=[bubble, bubble])),
    ]


class Sending(SdkTest):
    def test_a_reply_token_works_once(self):
        user = self.resident()
        token = self.play(user, "text", text="ごみ")["replyToken"]
        request = line.ReplyMessageRequest(reply_token=token, messages=[text("可燃ごみ"), text("火曜日")])
        sent = self.api.reply_message(request).sent_messages
        self.assertEqual(len({message.id for message in sent}), 2)
        self.assertTrue(sent[0].quote_token)
        self.assertEqual(self.heard(user), [message.to_dict() for message in request.messages])
        refusal = self.refused(400, lambda: self.api.reply_message(request))
        self.assertEqual(refusal["message"], "Invalid reply token")

    def test_every_kind_of_message_can_be_pushed(self):
        user = self.resident()
        messages = kinds()
        for start in range(0, len(messages), 5):
            request = line.PushMessageRequest(to=user, messages=messages[start : start + 5])
            self.assertEqual(len(self.api.push_message(request).sent_messages), len(request.messages))
        self.assertEqual(self.heard(user), [message.to_dict() for message in messages])

    def test_a_multicast_reaches_those_it_names(self):
        first, second, third = self.residents(3)
        self.api.multicast(line.MulticastRequest(to=[first, third], messages=[text("回覧")]))
        self.assertEqual([len(self.heard(user)) for user in (first, second, third)], [1, 0, 1])

    def test_a_narrowcast_is_accepted_first_and_sent_then(self):
        user = self.resident()
        request = line.NarrowcastRequest(messages=[text("narrowcast")])
        answer = self.api.narrowcast_with_http_info(request, str(uuid.uuid4()))
        self.assertEqual(answer.status_code, 202)
        request_id = answer.headers["x-line-request-id"]
        self.assertEqual(self.api.get_narrowcast_progress(request_id).phase, "waiting")
        self.simulator.call("PUT", "/clock", {"advanceMs": 5_000})
        progress = self.api.get_narrowcast_progress(request_id)
        self.assertEqual((progress.phase, progress.failure_count), ("succeeded", 0))
        self.assertEqual(progress.success_count, progress.target_count)
        self.assertGreater(progress.completed_time, progress.accepted_time)
        self.assertEqual(self.heard(user), [text("narrowcast").to_dict()])

    def test_a_broadcast_reaches_everybody_who_follows(self):
        friend, stranger = self.residents(2)
        self.play(stranger, "unfollow")
        self.api.broadcast(line.BroadcastRequest(messages=[text("避難")]), str(uuid.uuid4()))
        self.assertEqual(self.heard(friend), [text("避難").to_dict()])
        self.assertEqual(self.heard(stranger), [])

    def test_messages_can_be_validated_for_each_way(self):
        good = line.ValidateMessageRequest(messages=[text()])
        bad = line.ValidateMessageRequest(messages=[text("x" * 5_001)])
        for way in ("reply", "push", "multicast", "narrowcast", "broadcast"):
            validate = getattr(self.api, f"validate_{way}")
            validate(good)
            details = self.refused(400, lambda validate=validate: validate(bad))["details"]
            self.assertEqual(details[0]["property"], "messages[0].text", way)


if __name__ == "__main__":
    unittest.main()
