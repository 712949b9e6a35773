import type { Answer } from './connection.ts';
import type { Scenario } from './scenarios.ts';
import { tokenOf } from './tokens.ts';

/** Gives the bytes of the next request. Numbers go up over the whole run, so that what is to be new is new. */
export type NextRequest = () => Buffer;

const KEPT = 2_000;

export function createRequests(url: string, scenario: Scenario, from: number): NextRequest {
  const { host, pathname } = new URL(url);
  const kept = new Map<number, Buffer>();
  let number = from;
  const make = (index: number): Buffer => {
    const body = JSON.stringify(scenario.request(index));
    const token = tokenOf(scenario.ownTokens ? index : 0);
    return Buffer.from(
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n` +
        `authorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  };
  return () => {
    number += 1;
    if (scenario.name === 'cold') return make(number);
    // numbers repeat themselves by then, in tokens and in ids
    const slot = number % KEPT;
    const known = kept.get(slot);
    if (known !== undefined) return known;
    const made = make(slot);
    kept.set(slot, made);
    return made;
  };
}

/** An answer that a client could use; the data itself is checked once a scenario. */
export function assertGood(name: string, { status, body }: Answer): void {
  if (status === 200 && body.length > 0 && !body.includes('"errors":[')) return;
  throw new Error(`${name} answered ${status}: ${body.subarray(0, 300).toString()}`);
}
