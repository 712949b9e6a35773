import { duration } from '@weft/config';
import { z } from 'zod';

/** `cors:` in gateway.yaml. */
export const cors = z
  .strictObject({
    origins: z
      .array(z.url().or(z.literal('*')))
      .default([])
      .describe(
        'Origins whose pages may call the gateway, https://shop.example; "*" is any, then without credentials.',
      ),
    credentials: z.boolean().default(false).describe('Whether those pages may send cookies and client certificates.'),
    maxAge: duration('1h').describe('How long a browser may keep the answer to its question.'),
  })
  .refine((value) => !(value.credentials && value.origins.includes('*')), 'credentials need origins that are named')
  .prefault({})
  .describe('Which web pages of other origins may call the gateway. None by default.');
