import type { Command } from './command.ts';

interface ListedCommand {
  readonly summary: string;
  load(): Promise<Command>;
}

/** Every sub-command, in the order of the help. Modules are loaded one at a time: `weft --version` loads none. */
export const COMMANDS: Readonly<Record<string, ListedCommand>> = {
  compose: {
    summary: 'Compose the supergraph from the SDL of the subgraphs.',
    load: async () => (await import('./commands/compose.ts')).composeCommand,
  },
  check: {
    summary: 'Check that the subgraphs may go out: they compose, the gateway loads them, no known operation breaks.',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  explain: {
    summary: 'Tell what an error code means.',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
};
