import { duration, existingFile, secret } from '@weft/config';
import { z } from 'zod';

/** `authentication:` in gateway.yaml. */
export const authentication = z
  .strictObject({
    jwksFile: existingFile()
      .optional()
      .describe('JSON Web Key Set with the public keys of the issuer; watched. Without keys every token is refused.'),
    sharedSecret: secret({ minLength: 32 })
      .optional()
      .describe('For an issuer without public keys: the secret that it signs HS256 tokens with. Not beside jwksFile.'),
    issuer: z.string().min(1).optional().describe('The `iss` that a token must have.'),
    audience: z.string().min(1).optional().describe('The `aud` that a token must have.'),
    algorithms: z
      .array(z.enum(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']))
      .min(1)
      .default(['ES256', 'RS256', 'EdDSA'])
      .describe(
        'Signatures that are accepted by keys of jwksFile. `none` never is, and a shared secret makes HS256 alone.',
      ),
    clockSkew: duration('5s').describe('How far the clocks of issuer and gateway may be apart.'),
  })
  .refine(
    ({ jwksFile, sharedSecret }) => jwksFile === undefined || sharedSecret === undefined,
    'jwksFile and sharedSecret cannot both be set: a public key could be taken for the secret',
  )
  .prefault({})
  .describe('How a bearer token of a client is verified.');
