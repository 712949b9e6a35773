export { type Account, accountFor, parseMetrics, type Sample } from './account.ts';
export type { Child } from './children/supervisor.ts';
export { createProgress, type Progress } from './command/progress.ts';
export { type AllDeadLetters, type DeadLettersOptions, openAllDeadLetters } from './data/dead-letters.ts';
export { type DemoTokenOptions, demoToken } from './data/demo-token.ts';
export type { LocalGraph, LocalOptions } from './local-graph.ts';
export { STOREFRONT } from './sample-operations.ts';
export { startLocal } from './start-local.ts';
