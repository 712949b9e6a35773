import { duration } from '@weft/config';
import { z } from 'zod';

/** `supergraph:` in gateway.yaml. */
export const supergraph = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .describe('The supergraph file. It is watched: a changed file is validated, then swapped in.'),
    subgraphUrlsFile: z
      .string()
      .min(1)
      .optional()
      .describe('JSON with the addresses of the copies of each subgraph, { "products": ["http://..."] }; watched too.'),
    pollEvery: duration('1s').describe('How often the files are looked at, beside the notices of the file system.'),
  })
  .describe('Where the graph is described.');
