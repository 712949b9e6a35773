import { UserError } from '@weft/errors';
import { isPortFree } from '@weft/postgres';

export const FIRST_PORT = 4_000;
/** Beyond so many taken ports something else is wrong. */
const MOST_TRIED = 1_000;

/** Ports for the gateways: `from` and whatever is free after it. A port that was named must itself be free. */
export async function chooseFrontDoors(
  count: number,
  { from, named }: { readonly from: number; readonly named: boolean },
): Promise<number[]> {
  const ports: number[] = [];
  for (let port = from; ports.length < count && port < from + MOST_TRIED && port <= 65_535; port += 1) {
    if (await isPortFree(port)) ports.push(port);
    else if (named && port === from) {
      throw new UserError(
        `Port ${port} is in use by another program. End that one, name another port with --port, or leave --port out to take the next free one.`,
        { exitCode: 1 },
      );
    }
  }
  if (ports.length === count) return ports;
  throw new UserError(`No port from ${from} on is free for the gateway. Name one with --port.`, { exitCode: 1 });
}
