#!/usr/bin/env python3
"""Writes the inputs of the operations that the local AWS serves, from the service models of the AWS CLI (Debian's awscli).

build/models.py            writes src/FastTrigger.Cli/LocalAws/Models/*.json
Members that AWS added after that release of the CLI are in ADDED.
"""
import json
import pathlib

DATA = pathlib.Path("/usr/lib/python3/dist-packages/awscli/botocore/data")
OUT = pathlib.Path(__file__).parent.parent / "src/FastTrigger.Cli/LocalAws/Models"

SERVED = {
    "autoscaling/2011-01-01": ["DescribeTags", "CompleteLifecycleAction"],
    "codepipeline/2015-07-09": ["PutJobSuccessResult", "PutJobFailureResult"],
    "config/2014-11-12": ["PutEvaluations"],
    "dynamodb/2012-08-10": ["PutItem", "GetItem", "DeleteItem"],
    "ec2/2016-11-15": [
        "CreateTags", "DescribeTags", "DescribeInstances", "StartInstances", "StopInstances", "RebootInstances", "TerminateInstances",
    ],
    "events/2015-10-07": ["PutEvents"],
    "sqs/2012-11-05": ["SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"],
    "ssm/2014-11-06": [
        "SendCommand", "CancelCommand", "ListCommands", "ListCommandInvocations", "GetCommandInvocation",
        "DescribeInstanceInformation", "GetParameter", "StartAutomationExecution", "GetAutomationExecution",
    ],
    "sts/2011-06-15": ["AssumeRole"],
}

# Service, shape, member, its shape.
ADDED = [
    ("dynamodb", "PutItemInput", "ReturnValuesOnConditionCheckFailure", {"type": "string", "enum": ["ALL_OLD", "NONE"]}),
    ("dynamodb", "DeleteItemInput", "ReturnValuesOnConditionCheckFailure", {"type": "string", "enum": ["ALL_OLD", "NONE"]}),
    ("ec2", "DescribeInstancesRequest", "IncludeManagedResources", {"type": "boolean"}),
    ("ec2", "StopInstancesRequest", "SkipOsShutdown", {"type": "boolean"}),
    ("ec2", "TerminateInstancesRequest", "Force", {"type": "boolean"}),
    ("ec2", "TerminateInstancesRequest", "SkipOsShutdown", {"type": "boolean"}),
    ("sqs", "ReceiveMessageRequest", "MessageSystemAttributeNames", {"type": "list", "member": {"shape": "String"}, "flattened": True}),
    ("sts", "AssumeRoleRequest", "ProvidedContexts", {"type": "list", "max": 5, "member": {"shape": "ProvidedContext"}}),
    ("sts", "ProvidedContext", "ProviderArn", {"type": "string", "min": 20, "max": 2048}),
    ("sts", "ProvidedContext", "ContextAssertion", {"type": "string", "min": 4, "max": 2048}),
    ("sts", "AssumeRoleRequest", "MinimumSessionTokenSize", {"type": "integer", "max": 4096}),
    ("ssm", "StartAutomationExecutionRequest", "TargetLocationsURL", {"type": "string"}),
]
SHAPE_KEYS = ["type", "required", "min", "max", "pattern", "enum", "flattened", "locationName"]
MEMBER_KEYS = ["shape", "queryName", "locationName", "flattened"]


def reference(member):
    return {key: member[key] for key in MEMBER_KEYS if key in member}


def reduce_shape(shape):
    reduced = {key: shape[key] for key in SHAPE_KEYS if key in shape}
    if "members" in shape:
        reduced["members"] = {name: reference(member) for name, member in shape["members"].items()}
    for part in ("member", "key", "value"):
        if part in shape:
            reduced[part] = reference(shape[part])
    return reduced


def add(service, model):
    for owner, structure, member, shape in ADDED:
        if owner != service:
            continue
        target = model["shapes"].setdefault(structure, {"type": "structure", "members": {}})
        if member not in target["members"]:
            target["members"][member] = {"shape": member}
            model["shapes"].setdefault(member, shape)


def reachable(model, start):
    found, waiting = {}, [start]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        shape = found[name] = reduce_shape(model["shapes"][name])
        parts = list(shape.get("members", {}).values()) + [shape[part] for part in ("member", "key", "value") if part in shape]
        waiting += [part["shape"] for part in parts]
    return found


for path, operations in SERVED.items():
    service = path.split("/")[0]
    # SQS has its own errors for unknown attribute names, which later releases add to.
    if service == "sqs":
        SHAPE_KEYS.remove("enum")
    elif "enum" not in SHAPE_KEYS:
        SHAPE_KEYS.append("enum")
    model = json.loads((DATA / path / "service-2.json").read_text())
    add(service, model)
    inputs = {operation: model["operations"][operation]["input"]["shape"] for operation in operations}
    shapes = {}
    for shape in inputs.values():
        shapes |= reachable(model, shape)
    lines = [f"    {json.dumps(name)}: {json.dumps(shape)}" for name, shape in sorted(shapes.items())]
    document = (
        "{\n  \"inputs\": " + json.dumps(inputs) + ",\n  \"shapes\": {\n" + ",\n".join(lines) + "\n  }\n}\n")
    (OUT / f"{service}.json").write_text(document)
