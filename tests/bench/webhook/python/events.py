"""Events per second on one core, as `events.rs` measures them: python events.py FOLDER [plain].

`plain` leaves out the SDK's objects: it checks the signature with the SDK and reads the body as plain JSON.
"""

import json
import os
import sys
import time
from pathlib import Path

# The module makes clients that are not used here; they want a region.
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-northeast-1")

from linebot.v3.webhook import WebhookParser  # noqa: E402

import webhook  # noqa: E402

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
ROUNDS = 3
ROUND_SECONDS = 0.3


def plain_entries_of(body, signature, webhook_parser, now):
    """The same as `webhook.entries_of`, without the SDK's objects."""
    if not webhook_parser.signature_validator.validate(body, signature):
        raise SystemExit("the signature is wrong")
    return [
        webhook.entry(index, event["source"]["userId"], event["webhookEventId"], event, now)
        for index, event in enumerate(json.loads(body)["events"])
    ]


def measured(entries_of, body, signature, size):
    """Events per second of one round."""
    parser = WebhookParser(SECRET)
    began = time.perf_counter()
    taken = 0
    while time.perf_counter() - began < ROUND_SECONDS:
        if len(entries_of(body, signature, parser, 0)) != size:
            raise SystemExit("an event was lost")
        taken += 1
    return taken * size / (time.perf_counter() - began)


def main():
    folder = Path(sys.argv[1])
    entries_of = plain_entries_of if sys.argv[2:] == ["plain"] else webhook.entries_of
    figures = {}
    for size in (1, 10, 100):
        body = (folder / f"{size}.json").read_text(encoding="utf-8")
        signature = (folder / f"{size}.signature").read_text(encoding="utf-8")
        # The first round, which warms up, is not counted.
        figures[size] = [measured(entries_of, body, signature, size) for _ in range(ROUNDS + 1)][1:]
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
