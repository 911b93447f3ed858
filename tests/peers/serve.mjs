// Tests fasttrigger serve with AWS's own clients: names of the function, events of EventBridge, and what their errors look like.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [, , modules, endpoint] = process.argv;
const require = createRequire(modules + "/");
const { EventBridgeClient, PutEventsCommand } = require("@aws-sdk/client-eventbridge");
const { LambdaClient, InvokeCommand, ListFunctionsCommand } = require("@aws-sdk/client-lambda");
const lambda = new LambdaClient({ endpoint, maxAttempts: 1 });
const events = new EventBridgeClient({ endpoint, maxAttempts: 1 });

const account = "123456789012:function:fasttrigger";
const arn = `arn:aws:lambda:us-east-1:${account}`;
const Payload = JSON.stringify({ version: "0", id: "1", source: "nobody", "detail-type": "x", detail: {} });
const invoke = (FunctionName, Qualifier, more) => lambda.send(new InvokeCommand({ FunctionName, Qualifier, Payload, ...more }));
for (const name of ["fasttrigger", "fasttrigger:live", "fasttrigger:$LATEST", account, `${account}:live`, arn, `${arn}:$LATEST`]) {
  assert.equal((await invoke(name)).StatusCode, 200, name);
}
assert.equal((await invoke(arn, "live")).StatusCode, 200);
await assert.rejects(invoke("another:live"), { name: "ResourceNotFoundException", message: /function:another:live$/ });
await assert.rejects(invoke(`${arn}:live`, "test"), { name: "InvalidParameterValueException" });
await assert.rejects(invoke("fasttrigger", undefined, { ClientContext: "nonsense" }), { name: "InvalidRequestContentException" });
await assert.rejects(lambda.send(new ListFunctionsCommand({})), { message: /does not support GET .*; it serves Invoke/ });

const entry = { Source: "water.plant", DetailType: "Tank Level", Detail: '{"level": 1}' };
const put = (...Entries) => events.send(new PutEventsCommand({ Entries }));
const result = await put(
  { ...entry, Time: new Date(1795000000000), Resources: ["arn:aws:x"], TraceHeader: "Root=1", EventBusName: "default" },
  { ...entry, Detail: "[]" },
  { ...entry, Detail: undefined },
  { ...entry, Source: "aws.ec2" },
);
assert.equal(result.FailedEntryCount, 3);
assert.match(result.Entries[0].EventId, /^[0-9a-f-]{36}$/);
assert.deepEqual(result.Entries.slice(1).map((one) => one.ErrorCode), [
  "MalformedDetail",
  "InvalidArgument",
  "NotAuthorizedForSourceException",
]);
await assert.rejects(put(...Array(11).fill(entry)), { name: "ValidationException", message: /less than or equal to 10$/ });
await assert.rejects(put({ ...entry, Detail: JSON.stringify({ x: "x".repeat(1024 * 1024) }) }), { message: /over the limit/ });
const stranger = new EventBridgeClient({
  endpoint,
  maxAttempts: 1,
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: "another" },
});
await assert.rejects(stranger.send(new PutEventsCommand({ Entries: [] })), { name: "InvalidSignatureException" });
console.log("ok");
