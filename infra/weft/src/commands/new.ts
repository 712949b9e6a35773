import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';

export const newCommand: Command = {
  usage: 'subgraph NAME [--entity TYPE] [--key FIELD]',
  about:
    'Writes a new subgraph with one entity: SDL, loader, table with its migration, and a test on real Postgres. It is\n' +
    'added to schema/subgraphs.yaml, tsconfig.json and the supergraph. `pnpm new` and `npm run new --` do the same.',
  flags: {
    entity: {
      type: 'string',
      value: 'TYPE',
      help: 'The type that it defines. Default: made of NAME, Wishlist for wishlists.',
    },
    key: {
      type: 'string',
      value: 'FIELD',
      help: 'Its key. Default: id, which carries the place of the row; another is a text.',
    },
  },
  words: { least: 2, most: 2 },
  examples: ['weft new subgraph wishlists', 'weft new subgraph coupons --entity GiftCoupon --key code'],
  run,
};

async function run(flags: FlagValues, [kind, name = '']: readonly string[], terminal: Terminal): Promise<number> {
  if (kind !== 'subgraph') throw new UserError(`weft new: read "${kind}". Allowed: subgraph.`);
  const { writeSubgraph } = await import('../scaffold/new-subgraph.ts');
  const { entityOf } = await import('../scaffold/entity-of.ts');
  const root = terminal.directory;
  const entity = typeof flags.entity === 'string' ? flags.entity : entityOf(name);
  const written = writeSubgraph({ name, entity, key: String(flags.key ?? 'id') }, root);
  format(root, `subgraphs/${name}`);
  terminal.out(written.files.join('\n'));
  terminal.progress(
    [
      '',
      `The subgraph ${name} with the entity ${entity} is there, on port ${written.port}. Next:`,
      '  npx --yes pnpm@12.21.0 install      links it and records it in the lockfile',
      `  npx turbo run test --filter @weft/${name}`,
      '  npm start                           makes its tables on every shard and serves it',
      `Then add fields to subgraphs/${name}/schema.graphql; docs/guides/add-a-field.md shows each step.`,
    ].join('\n'),
  );
  return 0;
}

/** How lines break depends on how long the names are; the formatter of the repo knows. */
function format(root: string, folder: string): void {
  const biome = join(root, 'node_modules/.bin/biome');
  if (existsSync(biome)) execFileSync(biome, ['check', '--write', folder], { cwd: root, stdio: 'ignore' });
}
