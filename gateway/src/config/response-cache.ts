import { byteSize, duration, redisUrl } from '@weft/config';
import { z } from 'zod';

/** `responseCache:` in gateway.yaml. */
export const responseCache = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Keep whole answers that every subgraph allows to keep.'),
    maxBytes: byteSize('64MiB').describe('Most memory for answers in this process; the least recently used go first.'),
    maxAge: duration('1h').describe('Longest time an answer is kept, whatever subgraphs say.'),
    redisUrl: redisUrl().optional().describe('A Redis that gateways share as the second level. Absent: none.'),
  })
  .prefault({})
  .describe('Answers kept by operation, variables and, when private, user.');
