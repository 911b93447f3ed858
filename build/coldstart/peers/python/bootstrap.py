"""A typical function in Python that tags the instances of a RunInstances event with their owner: boto3, a client that is created during
INIT, and a minimal runtime loop on http.client."""

import http.client
import json
import os

import boto3

api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
client = boto3.client("ec2", endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def request(method, path, body=None):
    api.request(method, "/2018-06-01/runtime/invocation/" + path, body)
    answer = api.getresponse()
    return answer.getheader("Lambda-Runtime-Aws-Request-Id"), answer.read()


def handle(event):
    detail = event.get("detail", {})
    if detail.get("eventName") != "RunInstances":
        return {"tagged": 0}
    ids = []
    for instance in detail["responseElements"]["instancesSet"]["items"]:
        ids.append(instance["instanceId"])
        ids += [one["networkInterfaceId"] for one in instance.get("networkInterfaceSet", {}).get("items", [])]
    owner = detail["userIdentity"].get("userName") or detail["userIdentity"]["principalId"]
    client.create_tags(Resources=ids, Tags=[{"Key": "Owner", "Value": owner}])
    return {"tagged": len(ids)}


while True:
    request_id, payload = request("GET", "next")
    try:
        request("POST", request_id + "/response", json.dumps(handle(json.loads(payload))))
    except Exception as error:
        request("POST", request_id + "/error", json.dumps({"errorType": "Function.Failed", "errorMessage": str(error)}))
