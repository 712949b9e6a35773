export type { ApiChange } from './api-changes.ts';
export { type CheckedChange, type CheckInput, type CheckReport, checkSchema } from './check.ts';
export { type Composition, composeSubgraphs, type SubgraphSource } from './compose.ts';
export { type KnownOperation, type KnownOperations, type OperationFile, parseOperations } from './operations.ts';
export { printProblem } from './print-problem.ts';
export { printReport } from './print-report.ts';
export type { Problem, SourcePlace } from './problem.ts';
export { type CheckFilesOptions, type ComposeFilesOptions, checkFiles, composeFiles } from './schema-commands.ts';
export { NAME_RULE, type ReadSubgraphsOptions, readSubgraphs, SUBGRAPH_NAME } from './subgraph-list.ts';
