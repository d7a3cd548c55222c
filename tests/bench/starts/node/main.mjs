/** @file A function as small as can be: its configuration, and calls of AWS one after another. */

import { serve } from "../../runtime.mjs";

/** Answers each event with these calls: service, command and what is asked for. Without one of the variables it does not start. */
export async function answer(variables, clients, calls) {
  const missing = variables.filter((name) => !process.env[name]?.trim());
  if (missing.length) throw new Error(`the environment does not say ${missing}`);
  await serve(async () => {
    for (const [service, Command, input] of calls) await clients[service].send(new Command(input));
    return { statusCode: 200 };
  });
}
