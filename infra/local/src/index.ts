export type { Child } from './children/supervisor.ts';
export { createProgress } from './command/progress.ts';
export { type AllDeadLetters, openAllDeadLetters } from './data/dead-letters.ts';
export { demoToken } from './data/demo-token.ts';
export type { LocalGraph, LocalOptions } from './local-graph.ts';
export { startLocal } from './start-local.ts';
