import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '@weft/errors';
import { z } from 'zod';

export interface ShardAddresses {
  readonly name: string;
  /** `postgres://host:port/database`, without credentials: each subgraph brings its own role. */
  readonly primary: string;
  readonly replicas: readonly string[];
}

export interface FleetAddresses {
  readonly shards: readonly ShardAddresses[];
}

const address = z.string().refine(isAddress, 'must be postgres://host:port/database, without user and password');

const fleetFile = z.object({
  shards: z.array(z.object({ name: z.string(), primary: address, replicas: z.array(address).default([]) })).min(1),
});

/** Reads where the shards are. UserError (CONFIG_INVALID) names the file and what is wrong. */
export function readFleet(file: string): FleetAddresses {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file}: ${messageOf(error)}`, { code: 'CONFIG_INVALID' });
  }
  const result = fleetFile.safeParse(read);
  if (!result.success) throw new UserError(`${file}: ${z.prettifyError(result.error)}`, { code: 'CONFIG_INVALID' });
  return { shards: result.data.shards };
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^postgres(ql)?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.pathname.length > 1;
}
