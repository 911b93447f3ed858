"""A typical function in Python that tags the instances of a RunInstances event with their owner: boto3, and a client that is created during
INIT. With the argument warm-up, INIT also makes a dry run of the call, so that the connection is there when the event comes."""

import os
import sys

import boto3
import botocore.exceptions

import runtime

client = boto3.client("ec2")


def create_tags(ids, owner, **more):
    client.create_tags(Resources=ids, Tags=[{"Key": "Owner", "Value": owner}], **more)


def handle(event):
    detail = event.get("detail", {})
    if detail.get("eventName") != "RunInstances":
        return {"tagged": 0}
    ids = []
    for instance in detail["responseElements"]["instancesSet"]["items"]:
        ids.append(instance["instanceId"])
        ids += [one["networkInterfaceId"] for one in instance.get("networkInterfaceSet", {}).get("items", [])]
    create_tags(ids, detail["userIdentity"].get("userName") or detail["userIdentity"]["principalId"].split(":")[-1])
    return {"tagged": len(ids)}


if sys.argv[1:] == ["warm-up"]:
    try:
        create_tags([os.environ["WARM_UP_INSTANCE"]], "nobody", DryRun=True)
    except botocore.exceptions.ClientError:
        pass  # A dry run ends with the error DryRunOperation.

runtime.run(handle)
