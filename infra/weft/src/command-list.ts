import type { Command } from './command.ts';

interface ListedCommand {
  readonly summary: string;
  load(): Promise<Command>;
}

/** Every sub-command, in the order of the help. Modules are loaded one at a time: `weft --version` loads none. */
export const COMMANDS: Readonly<Record<string, ListedCommand>> = {
  start: {
    summary: 'Start the whole graph on this machine; the same as npm start.',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  gateway: {
    summary: 'Start one gateway on any supergraph file.',
    load: async () => (await import('./commands/gateway.ts')).gatewayCommand,
  },
  init: {
    summary: 'List the subgraphs of a repository that has no list yet.',
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  compose: {
    summary: 'Compose the supergraph from the SDL of the subgraphs.',
    load: async () => (await import('./commands/compose.ts')).composeCommand,
  },
  check: {
    summary:
      'Check that the subgraphs may go out: they compose, the gateway loads them, no operation breaks or gets worse.',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  approve: {
    summary: 'Approve a change of who sees what, by its fingerprint.',
    load: async () => (await import('./commands/approve.ts')).approveCommand,
  },
  new: {
    summary: 'Write a new subgraph that composes and passes its own test.',
    load: async () => (await import('./commands/new.ts')).newCommand,
  },
  jobs: {
    summary: 'List work that was given up, have it tried again, or drop it.',
    load: async () => (await import('./commands/jobs.ts')).jobsCommand,
  },
  shard: {
    summary: 'Show the shards, tell where an entity lies, and move buckets between them.',
    load: async () => (await import('./commands/shard.ts')).shardCommand,
  },
  token: {
    summary: 'Print a token of a demo user.',
    load: async () => (await import('./commands/token.ts')).tokenCommand,
  },
  explain: {
    summary: 'Tell what a code means, or how an operation is run.',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
};
