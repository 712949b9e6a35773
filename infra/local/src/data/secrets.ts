import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keptSecret } from './secret-file.ts';

export interface RolePasswords {
  readonly owner: string;
  readonly runtime: string;
}

const randomText = (): string => randomBytes(32).toString('base64url');

/** What gateways sign their requests to subgraphs with. */
export function requestSecrets(folder: string): Promise<readonly string[]> {
  return keptSecret<readonly string[]>(join(folder, 'requests.json'), (before) => before ?? [randomText()]);
}

/** The passwords of the database roles of every subgraph; one that is new in the list gets its own. */
export function databasePasswords(
  folder: string,
  subgraphs: readonly string[],
): Promise<Record<string, RolePasswords>> {
  return keptSecret<Record<string, RolePasswords>>(join(folder, 'databases.json'), (before) => {
    const made = subgraphs.map((name) => [name, { owner: randomText(), runtime: randomText() }] as const);
    return { ...Object.fromEntries(made), ...before };
  });
}
