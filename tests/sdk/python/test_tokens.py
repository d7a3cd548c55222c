"""Channel access tokens: issued, checked, used, revoked, and over."""

import json
import unittest

from linebot.v3 import messaging, oauth

from city import CHANNEL_ID, CHANNEL_SECRET, SdkTest


class Tokens(SdkTest):
    def issue_stateless(self, secret=CHANNEL_SECRET):
        return self.tokens.issue_stateless_channel_token_by_client_secret(CHANNEL_ID, secret)

    def test_a_stateless_token_lives_a_quarter_of_an_hour(self):
        issued = self.issue_stateless()
        self.assertEqual((issued.token_type, issued.expires_in), ("Bearer", 900))
        api = self.api_with(issued.access_token)
        self.assertTrue(api.get_bot_info().display_name)
        self.simulator.call("PUT", "/clock", {"advanceMs": 900_000})
        with self.assertRaises(messaging.exceptions.UnauthorizedException):
            api.get_bot_info()

    def test_a_short_lived_token_can_be_verified_and_revoked(self):
        issued = self.tokens.issue_channel_token("client_credentials", CHANNEL_ID, CHANNEL_SECRET)
        self.assertEqual(issued.expires_in, 30 * 24 * 3600)
        checked = self.tokens.verify_channel_token(issued.access_token)
        self.assertEqual(checked.client_id, CHANNEL_ID)
        self.assertLessEqual(checked.expires_in, issued.expires_in)
        self.tokens.revoke_channel_token(issued.access_token)
        with self.assertRaises(oauth.ApiException) as caught:
            self.tokens.verify_channel_token(issued.access_token)
        self.assertEqual(caught.exception.status, 400)
        with self.assertRaises(messaging.exceptions.UnauthorizedException):
            self.api_with(issued.access_token).get_bot_info()

    def test_a_token_is_verified_as_version_2_1(self):
        checked = self.tokens.verify_channel_token_by_jwt(self.issue_stateless().access_token)
        self.assertEqual(checked.client_id, CHANNEL_ID)

    def test_a_wrong_secret_gets_no_token(self):
        with self.assertRaises(oauth.ApiException) as caught:
            self.issue_stateless("0" * 32)
        self.assertEqual(caught.exception.status, 400)
        self.assertEqual(json.loads(caught.exception.body)["error"], "invalid_client")


if __name__ == "__main__":
    unittest.main()
