import type { ClientBase } from 'pg';
import { isVerifierOf, scramVerifier } from './scram-verifier.ts';

export interface SubgraphRoles {
  readonly owner: string;
  readonly runtime: string;
}

/** The owner has the tables and applies migrations; the runtime role, which processes use, can only read and write rows. */
export function rolesOf(subgraph: string): SubgraphRoles {
  return { owner: `${subgraph}_owner`, runtime: `${subgraph}_runtime` };
}

/** Makes the role when it is not there, and gives it the password when it has another. Names are checked before. */
export async function ensureRole(client: ClientBase, role: string, password: string): Promise<void> {
  const { rows } = await client.query<{ rolpassword: string | null }>(
    'select rolpassword from pg_authid where rolname = $1',
    [role],
  );
  const [found] = rows;
  if (found !== undefined && isVerifierOf(found.rolpassword, password)) return;
  const verb = found === undefined ? 'create' : 'alter';
  const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit';
  await client.query(`${verb} role ${role} ${rights} password '${scramVerifier(password)}'`);
}

/** What everybody may do by default in a new database, and nobody needs. */
export async function revokePublic(client: ClientBase): Promise<void> {
  await client.query(`do $$ begin
    execute format('revoke all on database %I from public', current_database());
    revoke all on schema public from public;
  end $$`);
}

/** A schema of the owner that the runtime role uses: rows and sequences, and nothing that changes a table. */
export async function ensureSchema(client: ClientBase, schema: string, roles: SubgraphRoles): Promise<void> {
  const { owner, runtime } = roles;
  await client.query(`
    do $$ begin execute format('grant connect on database %I to ${owner}, ${runtime}', current_database()); end $$;
    create schema if not exists ${schema} authorization ${owner};
    grant usage on schema ${schema} to ${runtime};
    alter default privileges for role ${owner} in schema ${schema} grant select, insert, update, delete on tables to ${runtime};
    alter default privileges for role ${owner} in schema ${schema} grant usage, select on sequences to ${runtime};
  `);
}
