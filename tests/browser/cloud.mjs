/** @file What tests ask of the city's AWS, as its owner. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { runningCity, unique } from "./browser.mjs";

/** Of a service, how its calls begin and which JSON it speaks. */
const SERVICES = {
  "cognito-idp": { calls: "AWSCognitoIdentityProviderService", json: "1.1" },
  "sqs": { calls: "AmazonSQS", json: "1.0" },
};

/** Makes a call; its answer, if it has one. The local AWS looks at whose request it is, not at its signature. */
export async function call(service, action, body) {
  const { accessKeyId, aws, region } = runningCity();
  const { calls, json } = SERVICES[service];
  const credential = `${accessKeyId}/20260101/${region}/${service}/aws4_request`;
  const answer = await fetch(aws, {
    method: "POST",
    headers: {
      "authorization": `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      "content-type": `application/x-amz-json-${json}`,
      "x-amz-target": `${calls}.${action}`,
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${action}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** Puts a message that nobody can open into a queue of what failed, as its function would. */
export async function bury(QueueUrl) {
  const groups = QueueUrl.endsWith(".fifo") ? { MessageGroupId: `watch-${unique()}`, MessageDeduplicationId: randomUUID() } : {};
  await call("sqs", "SendMessage", { QueueUrl, MessageBody: `this is not a letter: ${unique()}`, ...groups });
}
