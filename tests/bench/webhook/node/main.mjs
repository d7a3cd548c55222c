/** @file The webhook beside ours as a function. */

import { serve } from "../../runtime.mjs";
import { handler } from "./webhook.mjs";

await serve(handler);
