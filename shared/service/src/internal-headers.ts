/** Headers between gateway and subgraphs. None but the write token, which is signed by itself, is taken from a client. */
export const INTERNAL_HEADERS = {
  signature: 'weft-signature',
  /** A short-lived token that names the user. */
  user: 'weft-user',
  /** Milliseconds that are left: a length, so the clocks of two machines need not agree. */
  deadline: 'weft-deadline-ms',
  /** What the caller wrote lately and has to see; of an answer: what it wrote. */
  writeToken: 'weft-write-token',
} as const;

const MAX_DEADLINE_MS = 600_000;

/** The milliseconds that the caller will still wait; undefined when the header is absent or not a length. */
export function readDeadline(value: string | readonly string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) return undefined;
  return Math.min(Number(value), MAX_DEADLINE_MS);
}
