// Tests an SQS endpoint with AWS's own client: a message is sent, received, hidden, made visible again and deleted.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [, , modules, endpoint, queue] = process.argv;
const {
  SQSClient,
  SendMessageCommand,
  ReceiveMessageCommand,
  DeleteMessageCommand,
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
} = createRequire(modules + "/")("@aws-sdk/client-sqs");
const client = new SQSClient({ endpoint, maxAttempts: 1 });
const QueueUrl = `${endpoint}/123456789012/${queue}`;
const receive = async () => {
  const request = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60, MessageAttributeNames: ["All"] };
  return (await client.send(new ReceiveMessageCommand(request))).Messages ?? [];
};

const MessageAttributes = { RequestID: { DataType: "String", StringValue: "r-1" } };
const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "tank ü", MessageAttributes }));
const [message] = await receive();
assert.equal(message.MessageId, sent.MessageId);
assert.equal(message.Body, "tank ü");
assert.equal(message.MessageAttributes.RequestID.StringValue, "r-1");
assert.deepEqual(await receive(), []);
await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 }));
const [again] = await receive();
assert.equal(again.MessageId, message.MessageId);
assert.notEqual(again.ReceiptHandle, message.ReceiptHandle);
// An old receipt handle deletes nothing.
await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
const count = async () => {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return Attributes.ApproximateNumberOfMessagesNotVisible;
};
assert.equal(await count(), "1");
await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again.ReceiptHandle }));
assert.equal(await count(), "0");
await assert.rejects(client.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl + "-none" })), { name: "QueueDoesNotExist" });
console.log("ok");
