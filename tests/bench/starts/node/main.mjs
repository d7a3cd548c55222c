/** A function as small as can be: its configuration, Lambda's Runtime API without its own client, and calls of AWS one after another. */

import { Agent, request } from "node:http";

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

/** Asks for events, and answers each with these calls: service, command and what is asked for. Without one of the variables it does not start. */
export async function serve(variables, clients, calls) {
  const missing = variables.filter((name) => !process.env[name]?.trim());
  if (missing.length) throw new Error(`the environment does not say ${missing}`);
  for (;;) {
    const { id, body } = await call("GET", "next");
    try {
      JSON.parse(body);
      for (const [service, Command, input] of calls) await clients[service].send(new Command(input));
      await call("POST", `${id}/response`, JSON.stringify({ statusCode: 200 }));
    } catch (error) {
      await call("POST", `${id}/error`, JSON.stringify({ errorMessage: String(error), errorType: error.name }));
    }
  }
}
