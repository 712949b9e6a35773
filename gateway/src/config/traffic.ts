import { byteSize, duration } from '@weft/config';
import { z } from 'zod';

/** `traffic:` in gateway.yaml. */
export const traffic = z
  .strictObject({
    timeout: duration('5s').describe(
      'Longest wait for one fetch to a subgraph. If less is left of the operation, that is the wait.',
    ),
    operationTimeout: duration('10s').describe(
      'Longest time for one operation; what is not there by then is an error.',
    ),
    maxConnections: z
      .int()
      .min(1)
      .max(4_096)
      .default(64)
      .describe('Most open connections to one copy of a subgraph from one gateway process.'),
    pipelining: z
      .record(
        z.string(),
        z.strictObject({
          connections: z.int().min(1).max(256).default(4),
          depth: z.int().min(2).max(256).default(16),
        }),
      )
      .default({})
      .describe(
        'Subgraphs, by name, that are sent queries on a connection before the ones in front are answered: less CPU on both sides, but a slow answer holds up those behind it, and when the connection breaks they are sent again. At most `depth` wait on each of `connections`. A mutation always has a connection to itself. Only for servers that read requests that way.',
      ),
    deduplicate: z
      .boolean()
      .default(false)
      .describe(
        'Equal queries to a subgraph for the same caller (every header that is passed on, and the user), sent within a tenth of `timeout`, share one request. A query sent right after a write may then get the answer to one that was sent before it.',
      ),
    maxResponseBytes: byteSize('8MiB').describe(
      'Largest answer of a subgraph to one fetch; it is counted while it streams.',
    ),
    breakAfter: z
      .int()
      .min(1)
      .max(1_000)
      .default(10)
      .describe(
        'Timeouts, broken connections and answers of 500 and above, among twice as many last calls of a copy, after which it is left alone.',
      ),
    breakFor: duration('1s').describe(
      'How long such a copy is left alone; then one call finds out whether it is back.',
    ),
    ejectFor: duration('1s').describe('How long a copy that cannot be connected to is left alone.'),
  })
  .prefault({})
  .describe('How the gateway calls subgraphs.');

export type TrafficConfig = z.infer<typeof traffic>;
