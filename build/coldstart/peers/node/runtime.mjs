// A minimal Runtime API loop on node:http.
import http from "node:http";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true });

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

export const run = async (handle) => {
  for (;;) {
    const next = await request("GET", "next");
    const id = next.headers["lambda-runtime-aws-request-id"];
    try {
      await request("POST", `${id}/response`, JSON.stringify(await handle(JSON.parse(next.body))));
    } catch (error) {
      await request("POST", `${id}/error`, JSON.stringify({ errorType: "Function.Failed", errorMessage: String(error) }));
    }
  }
};
