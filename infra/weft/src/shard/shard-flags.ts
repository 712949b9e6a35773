import type { Flag } from '../command.ts';

/** Of every command about shards. */
export const SHARD_FLAGS: Readonly<Record<string, Flag>> = {
  map: {
    type: 'string',
    value: 'FILE',
    help: 'Shard map. Default: of the data folder, else infra/shards/shard-map.yaml.',
  },
  tables: { type: 'string', value: 'FILE', help: 'Keys of the tables. Default: infra/shards/tables.yaml.' },
  data: { type: 'string', value: 'DIR', help: 'Data folder of npm start. Default: .data in this folder.' },
  fleet: { type: 'string', value: 'FILE', help: 'Addresses of the shards, instead of those of npm start.' },
  user: { type: 'string', value: 'NAME', help: 'A superuser of them; with --fleet. Default: postgres.' },
  'password-file': { type: 'string', value: 'FILE', help: 'File with the password of that superuser; with --fleet.' },
};
