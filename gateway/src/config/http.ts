import { byteSize, duration } from '@weft/config';
import { z } from 'zod';

/** `http:` in gateway.yaml. */
export const http = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
    port: z.int().min(0).max(65_535).default(4_000).describe('Port to listen on; 0 takes a free one.'),
    path: z.string().startsWith('/').default('/graphql').describe('Where GraphQL is served.'),
    stopLead: duration('0s', { max: '8s' }).describe(
      'Between saying "not ready" and closing the port when the gateway stops: the time a balancer needs to notice.',
    ),
    deduplicate: z
      .boolean()
      .default(false)
      .describe(
        'Equal queries of one caller (same operation, variables, forwarded headers and user), that come within a tenth of `traffic.operationTimeout` of each other, are run once. A query sent right after a write may then get the answer to one that was sent before it, unless its client brings back the write token.',
      ),
    maxBodyBytes: byteSize('1MiB').describe('Largest request body, counted while it is inflated.'),
  })
  .prefault({})
  .describe('The address the gateway serves at.');
