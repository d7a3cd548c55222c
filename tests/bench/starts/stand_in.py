"""A small stand-in for Lambda's Runtime API and, on the same port, for an AWS whose table is empty: it notes who asks when for what.

It runs in the process that measures, without threads: while it works, the function waits, and so it does little.
"""

import contextlib
import json
import selectors
import socket
import subprocess
import time

INVOCATION = "/2018-06-01/runtime/invocation/"
INIT_ERROR = "/2018-06-01/runtime/init/error"
# Nothing that is measured here takes so long.
PATIENCE_S = 30
HEADERS_OF_AN_EVENT = {
    "Lambda-Runtime-Aws-Request-Id": "8f6d6a3e-0000-4000-8000-000000000001",
    "Lambda-Runtime-Deadline-Ms": "4102444800000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:ap-northeast-1:000000000000:function:measured",
    "Lambda-Runtime-Trace-Id": "Root=1-69cc6e00-000000000000000000000001;Sampled=0",
}


class Failure(Exception):
    """The function did not do what is measured."""


class StandIn:
    """Listens on a free port; `start` measures one process after another."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]

    def start(self, command, environment, event, answers):
        """Starts a function, gives it one event and waits for its answer.

        `answers` says what AWS answers to an operation, by its name. Gives the milliseconds until the first call of AWS and until the
        answer, the most memory held (`VmHWM`, in kB), and the calls of AWS in their order.
        """
        invocation = Invocation(self.listener, event, answers)
        began = time.perf_counter_ns()
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            try:
                invocation.run(process)
                peak = peak_kb(process.pid)
            finally:
                process.kill()
        invocation.close()
        self.forget()
        calls = invocation.calls
        if not calls:
            raise Failure("the function asked AWS for nothing")
        return {
            "callMs": (calls[0]["at"] - began) / 1_000_000,
            "answerMs": (invocation.answered_at - began) / 1_000_000,
            "peakKb": peak,
            "calls": [{"target": call["target"], "input": call["input"]} for call in calls],
        }

    def forget(self):
        """Nobody who is gone gets the next event."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.listener.accept()[0].close()


class Invocation:
    """What one process asks for, until it has answered."""

    def __init__(self, listener, event, answers):
        self.event, self.answers = json.dumps(event).encode(), answers
        self.calls, self.answered_at = [], None
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ)
        self.received = {}

    def run(self, process):
        """Answers everybody until the function has answered."""
        deadline = time.monotonic() + PATIENCE_S
        while self.answered_at is None:
            ready = self.selector.select(0.5)
            if not ready and process.poll() is not None:
                raise Failure(f"the function ended: {process.returncode}")
            if deadline < time.monotonic():
                raise Failure("the function did not answer")
            for key, _ in ready:
                self.serve(key.fileobj)

    def close(self):
        """Closes the connections; a function that still runs would end by that."""
        for connection in self.received:
            connection.close()
        self.selector.close()

    def serve(self, connection):
        """Takes a new connection, or what came by one of them."""
        if connection not in self.received:
            accepted, _ = connection.accept()
            accepted.setblocking(True)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.received[accepted] = b""
            self.selector.register(accepted, selectors.EVENT_READ)
            return
        try:
            part = connection.recv(65_536)
        except ConnectionResetError:
            part = b""
        at = time.perf_counter_ns()
        if not part:
            self.selector.unregister(connection)
            del self.received[connection]
            connection.close()
            return
        self.received[connection] += part
        while (request := whole(self.received[connection])) is not None:
            size, path, headers, body = request
            self.received[connection] = self.received[connection][size:]
            answer = self.answer_to(at, path, headers, body)
            if answer is not None:
                connection.sendall(answer)

    def answer_to(self, at, path, headers, body):
        """What this request gets; nothing who waits for a second event."""
        if path == INVOCATION + "next":
            event, self.event = self.event, None
            return event and response("200 OK", event, HEADERS_OF_AN_EVENT)
        if path == INIT_ERROR or (path.startswith(INVOCATION) and path.endswith("/error")):
            raise Failure(f"the function failed: {body.decode()}")
        if path.startswith(INVOCATION):
            self.answered_at = at
            return response("202 Accepted", b'{"status":"OK"}')
        target = headers.get("x-amz-target")
        if target is None and not headers.get("authorization", "").startswith("AWS4-"):
            # LINE, which janitor asks once an hour.
            return response("404 Not Found", b"{}")
        if target is None:
            raise Failure(f"nobody said what AWS answers to {path}")
        asked = json.loads(body)
        self.calls.append({"at": at, "target": target, "input": asked})
        operation = target.rpartition(".")[2]
        if operation not in self.answers:
            raise Failure(f"nobody said what {target} answers")
        said = self.answers[operation]
        said = said(asked) if callable(said) else said
        return response("200 OK", json.dumps(said).encode())


def whole(received):
    """The first request of what was received, if all of it is there: its length, path, headers in lower case, and body."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = received[:end].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body, size = end + 4, int(headers.get("content-length", 0))
    if headers.get("transfer-encoding"):
        return chunked(received, body, first, headers)
    if len(received) < body + size:
        return None
    return body + size, first.split(" ")[1], headers, received[body : body + size]


def chunked(received, at, first, headers):
    """The same for a body in chunks."""
    parts = []
    while (end := received.find(b"\r\n", at)) >= 0:
        size = int(received[at:end].split(b";")[0], 16)
        after = end + 2 + size + 2
        if len(received) < after:
            return None
        parts.append(received[end + 2 : end + 2 + size])
        if size == 0:
            return after, first.split(" ")[1], headers, b"".join(parts)
        at = after
    return None


def response(status, body, headers={}):
    """An answer of HTTP, in JSON."""
    said = {"Content-Type": "application/x-amz-json-1.0", "Content-Length": len(body)} | headers
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def peak_kb(process):
    """The most memory that a process held at once."""
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        lines = [line for line in status if line.startswith("VmHWM:")]
    return int(lines[0].split()[1])
