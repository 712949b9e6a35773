import { join } from 'node:path';
import { UserError } from '@weft/errors';
import { inClone } from './clone.ts';
import { createDemoIssuer } from './demo-issuer.ts';
import { readJson } from './secret-file.ts';

export interface DemoTokenOptions {
  /** Data folder of the graph; without it `.data` in this clone. */
  readonly directory?: string;
  readonly lifetimeS?: number;
}

/** A token of a demo user, signed with the key of a graph that was started before. Throws UserError when none was. */
export async function demoToken(username: string, { directory, lifetimeS }: DemoTokenOptions = {}): Promise<string> {
  const folder = directory ?? inClone('.data');
  const secrets = join(folder, 'secrets');
  if ((await readJson(join(secrets, 'demo-issuer.json'))) === undefined) {
    throw new UserError(`There is no signing key in ${folder}: start the graph once with npm start, then ask again.`);
  }
  const issuer = await createDemoIssuer(secrets, join(secrets, 'jwks.json'));
  return issuer.token(username, lifetimeS === undefined ? {} : { lifetimeS });
}
