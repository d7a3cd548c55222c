/** @file Which browser is installed. */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** The path of the first of them that is. */
export function installedBrowser() {
  for (const name of BROWSERS) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here; the next one.
      }
    }
  }
  throw new Error(`none of ${BROWSERS.join(", ")} is installed`);
}
