/** @file The line to the server: whether there is one, and how long to wait until it is tried again. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** Waits before the next try, longer each time; a line that comes back ends it. */
export function pause(tries: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(LONGEST_MS, FIRST_MS * 2 ** tries));
    addEventListener("online", done);
  });
}

/** Hears when the line goes and comes. */
export function onLine(hearer: () => void): void {
  for (const event of ["online", "offline"]) addEventListener(event, hearer);
}
