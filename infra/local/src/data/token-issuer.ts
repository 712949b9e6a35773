import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { DataFolder } from './data-folder.ts';
import { createDemoIssuer, DEMO_AUDIENCE, DEMO_ISSUER, type DemoIssuer } from './demo-issuer.ts';

/** The tokens that gateways accept: those of one issuer, for one audience, by its public keys. */
export interface AcceptedTokens {
  readonly jwksFile: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Who signs the tokens of callers. */
export interface TokenIssuer {
  /** Undefined: the gateways refuse every token. */
  readonly accepted?: AcceptedTokens;
  /** Only the demo issuer signs here. */
  readonly demo?: DemoIssuer;
}

/** In production nobody is let in by a key that this clone made, unless that was asked for. */
export async function openTokenIssuer(
  folder: DataFolder,
  options: {
    readonly production?: boolean;
    readonly demoIssuer?: boolean | undefined;
    readonly accepted?: AcceptedTokens | undefined;
  },
): Promise<TokenIssuer> {
  const { production = false, accepted, demoIssuer = !production && accepted === undefined } = options;
  if (accepted !== undefined) {
    const jwksFile = resolve(accepted.jwksFile);
    if (!existsSync(jwksFile)) throw new UserError(`--jwks: read "${accepted.jwksFile}"; there is no such file.`);
    return { accepted: { ...accepted, jwksFile } };
  }
  if (!demoIssuer) return {};
  return {
    accepted: { jwksFile: folder.jwks, issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE },
    demo: await createDemoIssuer(folder.secrets, folder.jwks),
  };
}
