"""A simulator of its own for every class of tests, and LINE's SDK set up to talk to it."""

import base64
import json
import os
import queue
import struct
import subprocess
import threading
import unittest
import urllib.request
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from linebot.v3 import messaging, oauth

CHANNEL_ID = "1234567890"
CHANNEL_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
ACCESS_TOKEN = "a long-lived token"
CHECKOUT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 20


class Simulator:
    """The simulator's process, ended by `stop`."""

    def __init__(self):
        binary = os.environ.get("SIMULATOR_BIN")
        command = [binary] if binary else ["cargo", "run", "--quiet", "--package", "simulator", "--"]
        options = ["--channel-id", CHANNEL_ID, "--channel-secret", CHANNEL_SECRET, "--access-token", ACCESS_TOKEN]
        self.process = subprocess.Popen(
            [*command, "--allow-local-http", *options], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        ready = json.loads(self.process.stdout.readline())
        self.url, self.data_url = ready["simulator"], ready["lineData"]

    def call(self, method, path, body=None):
        """Calls the simulator's own API under `/simulator`."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/simulator{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)

    def stop(self):
        """Ends the process, after noting for `run` which endpoints answered with success."""
        try:
            self.note_calls()
        finally:
            self.process.terminate()
            self.process.wait(PATIENCE_SECONDS)
            self.process.stdout.close()

    def note_calls(self):
        notes = os.environ.get("SDK_CALLS_FILE")
        if notes:
            calls = self.call("GET", "/calls?limit=20000")["calls"]
            with open(notes, "a", encoding="utf-8") as file:
                file.writelines(f"{call['method']} {call['path']}\n" for call in calls if call["status"] < 300)


class Listener:
    """A webhook endpoint that keeps what it is sent, and answers with `status`."""

    def __init__(self):
        self.requests = queue.Queue()
        self.status = 200
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                listener.requests.put((body, self.headers["x-line-signature"]))
                self.send_response(listener.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self):
        """Body and signature of the next request."""
        return self.requests.get(timeout=PATIENCE_SECONDS)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class SdkTest(unittest.TestCase):
    """Tests with a simulator, a webhook listener, and the SDK's clients, whose base URLs are all that is not LINE's."""

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.stop)
        cls.listener = Listener()
        cls.addClassCleanup(cls.listener.stop)
        cls.simulator.call("PUT", "/config", {"webhook": cls.listener.url})
        client = messaging.ApiClient(messaging.Configuration(host=cls.simulator.url, access_token=ACCESS_TOKEN))
        cls.api = messaging.MessagingApi(client)
        data = messaging.ApiClient(messaging.Configuration(host=cls.simulator.data_url, access_token=ACCESS_TOKEN))
        cls.blob = messaging.MessagingApiBlob(data)
        cls.tokens = oauth.ChannelAccessToken(oauth.ApiClient(oauth.Configuration(host=cls.simulator.url)))

    def setUp(self):
        self.listener.requests = queue.Queue()
        self.listener.status = 200
        self.simulator.call("PUT", "/faults", {"rules": []})

    def api_with(self, token):
        """The API with another channel access token."""
        configuration = messaging.Configuration(host=self.simulator.url, access_token=token)
        return messaging.MessagingApi(messaging.ApiClient(configuration))

    def residents(self, count=1):
        """The ids of new residents who follow the account."""
        wish = {"count": count, "seed": "sdk", "webhooks": False}
        return [resident["userId"] for resident in self.simulator.call("POST", "/residents", wish)["residents"]]

    def resident(self):
        return self.residents()[0]

    def play(self, user_id, kind, **fields):
        """Lets a resident do something, and gives the simulator's account of it after the webhook was answered."""
        return self.simulator.call("POST", f"/residents/{user_id}/events", {"type": kind, **fields})

    def heard(self, user_id):
        """The messages that a resident got from the account."""
        chat = self.simulator.call("GET", f"/residents/{user_id}/chat")["messages"]
        return [entry["message"] for entry in chat if entry["from"] == "account"]

    def refused(self, status, call):
        """The body of the refusal that `call` meets."""
        with self.assertRaises(messaging.ApiException) as caught:
            call()
        self.assertEqual(caught.exception.status, status, caught.exception.body)
        return json.loads(caught.exception.body)


def text(words="こんにちは"):
    """A message."""
    return messaging.TextMessage(text=words)


def png(width, height):
    """A black picture of that size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def as_base64(data):
    """Bytes, as the simulator's API takes them."""
    return base64.b64encode(data).decode()
