import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '@weft/config';
import { createDatabase, readFleet, readShardMap } from '@weft/database';
import { UserError } from '@weft/errors';
import { type DeadLetter, openDeadLetters } from '@weft/queue';
import { createTelemetry } from '@weft/telemetry';
import { listSubgraphs } from '../schema.ts';
import { inClone, SHARD_MAP_FILE } from './clone.ts';
import { shardMapOf } from './data-folder.ts';
import { readJson } from './secret-file.ts';
import type { RolePasswords } from './secrets.ts';

export interface DeadLettersOptions {
  /** Data folder of the graph; without it `.data` in this clone. */
  readonly directory?: string;
  /** One subgraph instead of all. */
  readonly subgraph?: string;
}

/** Dead letters of several subgraphs; an id begins with the name of its subgraph: `orders/shard-2/3f0c...`. */
export interface AllDeadLetters {
  list(): Promise<DeadLetter[]>;
  retry(id: string): Promise<boolean>;
  drop(id: string): Promise<boolean>;
  stop(): Promise<void>;
}

interface Access {
  readonly subgraph: string;
  readonly fleetFile: string;
  readonly shardMapFile: string;
  readonly role: string;
  readonly password: string;
}

/**
 * What waits for a person. Where the variables of a worker are set (WEFT_FLEET_FILE and the others), of its subgraph;
 * else of the graph in the data folder. Throws UserError when there is none, or no such subgraph.
 */
export async function openAllDeadLetters(options: DeadLettersOptions = {}): Promise<AllDeadLetters> {
  const accesses = accessOfWorker() ?? (await accessOfFolder(options));
  const { subgraph: wanted } = options;
  const chosen = wanted === undefined ? accesses : accesses.filter(({ subgraph }) => subgraph === wanted);
  if (chosen.length === 0) {
    throw new UserError(
      `There is no subgraph ${wanted} with a worker here. Known: ${accesses.map(({ subgraph }) => subgraph).join(', ')}.`,
    );
  }
  const opened = chosen.map(openOne);
  const at = (id: string) => opened.find(({ subgraph }) => id.startsWith(`${subgraph}/`));
  const rest = (id: string): string => id.slice(id.indexOf('/') + 1);
  return {
    async list() {
      const lists = opened.map(async ({ subgraph, letters }) =>
        (await letters.list()).map((letter) => ({ ...letter, id: `${subgraph}/${letter.id}` })),
      );
      return (await Promise.all(lists)).flat();
    },
    retry: async (id) => (await at(id)?.letters.retry(rest(id))) ?? false,
    drop: async (id) => (await at(id)?.letters.drop(rest(id))) ?? false,
    async stop() {
      await Promise.all(opened.map(({ stop }) => stop()));
    },
  };
}

function openOne({ subgraph, fleetFile, shardMapFile, role, password }: Access) {
  const telemetry = createTelemetry({ service: 'weft-jobs', logLevel: 'silent' });
  const database = createDatabase<unknown>({
    ...{ subgraph, role, password, telemetry },
    addresses: readFleet(fleetFile),
    shardMap: readShardMap(shardMapFile),
  });
  const stop = async (): Promise<void> => {
    await database.stop();
    await telemetry.stop();
  };
  return { subgraph, letters: openDeadLetters(database), stop };
}

function accessOfWorker(): Access[] | undefined {
  const {
    WEFT_FLEET_FILE: fleetFile,
    WEFT_SHARD_MAP_FILE: shardMapFile = SHARD_MAP_FILE,
    WEFT_DATABASE_ROLE: role,
    WEFT_DATABASE_PASSWORD: password,
  } = environment();
  if (fleetFile === undefined || role === undefined || password === undefined) return undefined;
  return [{ subgraph: role.replace(/_runtime$/, ''), fleetFile, shardMapFile, role, password }];
}

async function accessOfFolder({ directory = inClone('.data') }: DeadLettersOptions): Promise<Access[]> {
  const fleetFile = join(directory, 'postgres', 'fleet.json');
  const passwords = await readJson<Record<string, RolePasswords>>(join(directory, 'secrets', 'databases.json'));
  if (passwords === undefined || !existsSync(fleetFile)) {
    throw new UserError(
      `There is no graph in ${directory}: start it with npm start, name another folder with --data, or set the variables of a worker (WEFT_FLEET_FILE, WEFT_DATABASE_ROLE, WEFT_DATABASE_PASSWORD).`,
    );
  }
  return listSubgraphs()
    .filter(({ name }) => existsSync(inClone(`subgraphs/${name}/src/worker.ts`)))
    .map(({ name }) => ({
      ...{ subgraph: name, fleetFile, shardMapFile: shardMapOf(directory), role: `${name}_runtime` },
      password: passwords[name]?.runtime ?? '',
    }));
}
