import { z } from 'zod';
import { isIdentityHeader } from '../identity-headers.ts';

const HOP_BY_HOP =
  /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|content-.*|accept.*|proxy-.*)$/;

/** `headers:` in gateway.yaml. */
export const headers = z
  .strictObject({
    forward: z
      .array(
        z
          .string()
          .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'a header name in lower case')
          .refine((name) => !isIdentityHeader(name), 'a header that says who the client is never passes')
          .refine((name) => !HOP_BY_HOP.test(name), 'this header is about one connection or one body'),
      )
      .default([])
      .describe('Client headers that go on to every subgraph. They become part of the key of cached answers.'),
  })
  .prefault({})
  .describe('What of a client request reaches subgraphs.');
