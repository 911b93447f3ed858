// A queue of fauxqs with the messages of the command line. When standard input ends, it prints the bodies that are left, and whether
// each is visible.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , modules, ...bodies] = process.argv;
const require = createRequire(modules + "/");
const { startFauxqs } = await import(pathToFileURL(`${modules}/fauxqs/dist/app.js`));
const { SQSClient, SendMessageCommand, GetQueueUrlCommand } = require("@aws-sdk/client-sqs");
const server = await startFauxqs({ port: 0, logger: false });
server.createQueue("letters");
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const client = new SQSClient({ endpoint: server.address, region: "us-east-1", credentials });
const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "letters" }));
for (const MessageBody of bodies) {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

console.log(`${server.address} ${QueueUrl}`);
process.stdin.resume();
process.stdin.on("end", async () => {
  const { messages } = server.inspectQueue("letters");
  console.log(JSON.stringify({
    ready: messages.ready.map((message) => message.body),
    inflight: messages.inflight.map((message) => message.message?.body ?? message.body),
  }));
  await server.stop();
  process.exit(0);
});
