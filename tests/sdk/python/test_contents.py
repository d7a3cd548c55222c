"""What residents sent: contents, previews, and whether they are ready."""

import unittest

from linebot.v3 import messaging as line

from city import SdkTest, as_base64, png


class Contents(SdkTest):
    def test_a_photo_and_its_preview(self):
        photo = png(40, 30)
        sent = self.play(self.resident(), "image", data=as_base64(photo), contentType="image/png")
        answer = self.blob.get_message_content_with_http_info(sent["messageId"])
        self.assertEqual((bytes(answer.data), answer.headers["content-type"]), (photo, "image/png"))
        self.assertTrue(bytes(self.blob.get_message_content_preview(sent["messageId"])))

    def test_a_video_is_prepared_first(self):
        self.simulator.call("PUT", "/limits", {"contentReadyAfterMs": 5_000})
        sent = self.play(self.resident(), "video", data=as_base64(b"moving pictures"))["messageId"]
        self.assertEqual(self.blob.get_message_content_with_http_info(sent).status_code, 202)
        self.assertEqual(self.blob.get_message_content_transcoding_by_message_id(sent).status, "processing")
        self.simulator.call("PUT", "/clock", {"advanceMs": 5_000})
        self.assertEqual(self.blob.get_message_content_transcoding_by_message_id(sent).status, "succeeded")
        self.assertEqual(bytes(self.blob.get_message_content(sent)), b"moving pictures")

    def test_what_was_taken_back_is_gone(self):
        user = self.resident()
        sent = self.play(user, "image")["messageId"]
        self.play(user, "unsend", messageId=sent)
        with self.assertRaises(line.ApiException) as caught:
            self.blob.get_message_content(sent)
        self.assertEqual(caught.exception.status, 410)

    def test_an_unknown_content_is_404(self):
        with self.assertRaises(line.exceptions.NotFoundException):
            self.blob.get_message_content("1")

    def test_a_client_of_the_wrong_host_finds_nothing(self):
        sent = self.play(self.resident(), "image")["messageId"]
        lost = line.MessagingApiBlob(self.api.api_client)
        with self.assertRaises(line.exceptions.NotFoundException):
            lost.get_message_content(sent)
        with self.assertRaises(line.exceptions.NotFoundException):
            line.MessagingApi(self.blob.api_client).get_bot_info()


if __name__ == "__main__":
    unittest.main()
