import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which the kernel hands out ports for outgoing connections (32768 up on Linux): a server that is
 * down for a moment must find its port free when it returns.
 */
const LOWEST = 15_000;
const HIGHEST = 30_000;

/** Free ports of 127.0.0.1, one for each name. Keeps those in `wanted` that are free. */
export async function choosePorts(
  names: readonly string[],
  wanted: Readonly<Record<string, number>>,
): Promise<Record<string, number>> {
  const chosen: Record<string, number> = {};
  for (const name of names) {
    const before = wanted[name];
    const taken = Object.values(chosen);
    chosen[name] =
      before !== undefined && !taken.includes(before) && (await isFree(before)) ? before : await anyFree(taken);
  }
  return chosen;
}

async function anyFree(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
}

/** True when nobody listens on the port of 127.0.0.1 now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
