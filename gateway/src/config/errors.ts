import { z } from 'zod';

/** `errors:` in gateway.yaml. */
export const errors = z
  .strictObject({
    extensions: z
      .array(z.string().min(1))
      .default(['limit', 'line', 'retryAfterMs', 'traceId'])
      .describe('Extensions of errors of our own subgraphs that clients get, beside `code`.'),
  })
  .prefault({})
  .describe('What clients learn from errors of subgraphs.');
