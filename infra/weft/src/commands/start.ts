import type { Command } from '../command.ts';

/** A process entry of its own: it reads the arguments of the process and ends it. */
const ENTRY = new URL('../../../local/src/main.ts', import.meta.url);

export const startCommand: Command = {
  usage: '[options]',
  about: 'Starts the whole graph on this machine.',
  flags: {},
  examples: ['weft start'],
  passThrough: async (args) => {
    process.argv = [process.argv[0] ?? 'node', ENTRY.pathname, ...args];
    await import(ENTRY.href);
    return Number(process.exitCode ?? 0);
  },
  run: async () => 0,
};
