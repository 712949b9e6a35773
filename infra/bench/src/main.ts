import { reportFailure, UserError } from '@weft/errors';

/** Every bench by its name; each loads what it measures only when it is asked for. */
const BENCHES: Readonly<Record<string, () => Promise<(words: readonly string[]) => Promise<void>>>> = {
  graph: async () => (await import('./graph.ts')).benchGraph,
  gateway: async () => (await import('./gateway/bench-gateway.ts')).benchGateway,
  schema: async () => (await import('./schema/bench-schema.ts')).benchSchema,
};

try {
  const [name = '', ...words] = process.argv.slice(2);
  const load = BENCHES[name];
  if (load === undefined)
    throw new UserError(`pnpm bench takes the name of a bench: ${Object.keys(BENCHES).join(', ')}; not "${name}".`);
  await (await load())(words);
} catch (error) {
  process.exitCode = reportFailure(error, (text) => process.stderr.write(`${text}\n`));
}
