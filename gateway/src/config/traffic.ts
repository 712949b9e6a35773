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
