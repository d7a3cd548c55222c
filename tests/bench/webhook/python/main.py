"""The smallest loop over Lambda's Runtime API that a function needs."""

import http.client
import json
import os

from webhook import handler

connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def call(method, path, body=None):
    connection.request(method, f"/2018-06-01/runtime/invocation/{path}", body)
    answer = connection.getresponse()
    return answer.headers.get("lambda-runtime-aws-request-id"), answer.read()


while True:
    request_id, event = call("GET", "next")
    try:
        call("POST", f"{request_id}/response", json.dumps(handler(json.loads(event))))
    except Exception as error:  # as the runtime does: whatever it is, it is reported
        report = {"errorMessage": str(error), "errorType": type(error).__name__}
        call("POST", f"{request_id}/error", json.dumps(report))
