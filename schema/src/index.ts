export { compositionCodes } from '@weft/supergraph';
export type { ApiChange } from './api-changes.ts';
export { checkSchema } from './check.ts';
export type { CheckBase, CheckInput } from './check-input.ts';
export { CHECK_CODES, type CodeRow } from './codes.ts';
export { type Composition, composeSubgraphs, type SubgraphSource } from './compose/compose.ts';
export { type ExtractedSubgraph, extractSubgraphs } from './compose/extract-subgraphs.ts';
export { hintCodes } from './compose/hint-codes.ts';
export { subgraphsWithType } from './entity-owners.ts';
export { addApproval } from './files/approvals-file.ts';
export { addToSubgraphList } from './files/edit-subgraph-list.ts';
export {
  type CheckFilesOptions,
  type ComposeFilesOptions,
  checkFiles,
  composeFiles,
  isLargeGraph,
} from './files/schema-commands.ts';
export { NAME_RULE, type ReadSubgraphsOptions, readSubgraphs, SUBGRAPH_NAME } from './files/subgraph-list.ts';
export { FORMATS } from './formats/formats.ts';
export { COMMENT_MARK } from './formats/markdown.ts';
export { printProblem } from './formats/print-problem.ts';
export { printReport } from './formats/print-report.ts';
export {
  type KnownOperation,
  type KnownOperations,
  type OperationFile,
  parseOperations,
} from './operations/operations.ts';
export { parseUsage, type Usage } from './operations/usage.ts';
export type { Problem, SourcePlace } from './problem.ts';
export type { CheckedChange, CheckedOperation, CheckReport } from './report.ts';
export { type Approval, fingerprintOf } from './verdict/approvals.ts';
export { type CheckPolicy, DEFAULT_POLICY } from './verdict/policy.ts';
export { RULES, type Rule } from './verdict/rules.ts';
export { type EngineTask, inWorker, type WorkerOptions } from './worker/in-worker.ts';
