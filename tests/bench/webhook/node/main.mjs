/** The smallest loop over Lambda's Runtime API that a function needs. */

import { Agent, request } from "node:http";

import { handler } from "./webhook.mjs";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const out = request({ agent, host, port, method, path: `/2018-06-01/runtime/invocation/${path}` }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      const id = answer.headers["lambda-runtime-aws-request-id"];
      answer.on("end", () => resolve({ id, body: Buffer.concat(chunks) }));
    });
    out.on("error", reject);
    out.end(body);
  });
}

for (;;) {
  const { id, body } = await call("GET", "next");
  try {
    await call("POST", `${id}/response`, JSON.stringify(await handler(JSON.parse(body))));
  } catch (error) {
    await call("POST", `${id}/error`, JSON.stringify({ errorMessage: String(error), errorType: error.name }));
  }
}
