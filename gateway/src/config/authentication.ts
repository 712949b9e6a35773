import { duration } from '@weft/config';
import { z } from 'zod';

/** `authentication:` in gateway.yaml. */
export const authentication = z
  .strictObject({
    jwksFile: z
      .string()
      .min(1)
      .optional()
      .describe('JSON Web Key Set with the public keys of the issuer. Without it every token is refused.'),
    issuer: z.string().min(1).optional().describe('The `iss` that a token must have.'),
    audience: z.string().min(1).optional().describe('The `aud` that a token must have.'),
    algorithms: z
      .array(z.enum(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']))
      .min(1)
      .default(['ES256', 'RS256', 'EdDSA'])
      .describe('Signature algorithms that are accepted. Shared secrets and `none` never are.'),
    clockSkew: duration('5s').describe('How far the clocks of issuer and gateway may be apart.'),
  })
  .prefault({})
  .describe('How a bearer token of a client is verified.');
