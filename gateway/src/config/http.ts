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
    maxBodyBytes: byteSize('1MiB').describe('Largest request body, counted while it is inflated.'),
  })
  .prefault({})
  .describe('The address the gateway serves at.');
