"""A minimal Runtime API loop on http.client."""

import http.client
import json
import os

api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def request(method, path, body=None):
    api.request(method, "/2018-06-01/runtime/invocation/" + path, body)
    answer = api.getresponse()
    return answer.getheader("Lambda-Runtime-Aws-Request-Id"), answer.read()


def run(handle):
    while True:
        request_id, payload = request("GET", "next")
        try:
            request("POST", request_id + "/response", json.dumps(handle(json.loads(payload))))
        except Exception as error:
            request("POST", request_id + "/error", json.dumps({"errorType": "Function.Failed", "errorMessage": str(error)}))
