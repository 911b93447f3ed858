// A typical function in JavaScript that tags the instances of a RunInstances event with their owner: @aws-sdk/client-ec2, bundled, a client
// that is created during INIT, and a minimal runtime loop on node:http.
import http from "node:http";
import { CreateTagsCommand, EC2Client } from "@aws-sdk/client-ec2";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true });
const client = new EC2Client({});

const request = (method, path, body) =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const sent = http.request({ host, port, method, agent, headers, path: `/2018-06-01/runtime/invocation/${path}` }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(parts).toString() }));
    });
    sent.on("error", reject).end(body);
  });

const handle = async ({ detail }) => {
  if (detail?.eventName !== "RunInstances") return { tagged: 0 };
  const ids = detail.responseElements.instancesSet.items.flatMap((instance) => [
    instance.instanceId,
    ...(instance.networkInterfaceSet?.items ?? []).map((one) => one.networkInterfaceId),
  ]);
  const owner = detail.userIdentity.userName ?? detail.userIdentity.principalId;
  await client.send(new CreateTagsCommand({ Resources: ids, Tags: [{ Key: "Owner", Value: owner }] }));
  return { tagged: ids.length };
};

for (;;) {
  const next = await request("GET", "next");
  const id = next.headers["lambda-runtime-aws-request-id"];
  try {
    await request("POST", `${id}/response`, JSON.stringify(await handle(JSON.parse(next.body))));
  } catch (error) {
    await request("POST", `${id}/error`, JSON.stringify({ errorType: "Function.Failed", errorMessage: String(error) }));
  }
}
