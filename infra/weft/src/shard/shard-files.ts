import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type FleetAccess,
  readFleet,
  readShardedTables,
  readShardMap,
  type ShardedTables,
  type ShardMap,
} from '@weft/database';
import { messageOf, UserError } from '@weft/errors';
import type { FlagValues, Terminal } from '../command.ts';

/** What the commands about shards work on. */
export interface ShardFiles {
  readonly mapFile: string;
  readonly map: ShardMap;
  tables(): ShardedTables;
  /** Addresses and superuser. UserError says which file is missing. */
  access(): Promise<FleetAccess>;
}

export function openShardFiles(flags: FlagValues, { directory }: Terminal): ShardFiles {
  const file = (flag: string, fallback: string): string => {
    const given = flags[flag];
    return resolve(directory, typeof given === 'string' ? given : fallback);
  };
  const mapFile = file('map', defaultMap(flags, file('data', '.data')));
  return {
    mapFile,
    map: readShardMap(mapFile),
    tables: () => readShardedTables(file('tables', 'infra/shards/tables.yaml')),
    async access() {
      if (flags.fleet !== undefined) {
        const user = typeof flags.user === 'string' ? flags.user : 'postgres';
        if (flags['password-file'] === undefined) throw new UserError('weft shard: --fleet needs --password-file.');
        const password = (await textOf(file('password-file', ''))).trim();
        return { addresses: readFleet(file('fleet', '')), superuser: { user, password } };
      }
      const postgres = join(file('data', '.data'), 'postgres');
      const addresses = readFleet(join(postgres, 'fleet.json'));
      const secrets = JSON.parse(await textOf(join(postgres, 'secrets.json'))) as { readonly superuser?: string };
      if (secrets.superuser === undefined) throw new UserError(`${postgres}/secrets.json has no superuser.`);
      return { addresses, superuser: { user: 'postgres', password: secrets.superuser } };
    },
  };
}

/** Of the graph of npm start its own, in its data folder; that of the clone for other fleets and before the first start. */
function defaultMap(flags: FlagValues, dataFolder: string): string {
  const own = join(dataFolder, 'shard-map.yaml');
  return flags.fleet === undefined && existsSync(own) ? own : 'infra/shards/shard-map.yaml';
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}`);
  }
}
