import { type LoadedSupergraph, loadSupergraph } from '@weft/supergraph';
import type { CheckBase, CheckInput } from './check-input.ts';
import { compare } from './compare.ts';
import { composeDocuments, parseSubgraphs } from './compose/compose.ts';
import { loadAsGateway } from './compose/load-as-gateway.ts';
import { contractProblems } from './exposure/contracts.ts';
import { knownOperations } from './operations/known-operations.ts';
import { replay } from './operations/replay.ts';
import { type CheckReport, reportOf } from './report.ts';
import { withApprovals } from './verdict/approvals.ts';
import { operationProblem } from './verdict/operation-problem.ts';
import { DEFAULT_POLICY } from './verdict/policy.ts';

/**
 * Decides whether the subgraphs may go out, by the table of `RULES`: they compose, the gateway loads the result, and
 * every known operation is valid on it, reads its answers as before, is planned and kept as well as before, and shows
 * nobody more. Pure: it reads nothing and asks nobody.
 *
 * @throws GraphError SUPERGRAPH_INVALID: the base is no supergraph
 */
export async function checkSchema(input: CheckInput): Promise<CheckReport> {
  const policy = input.policy ?? DEFAULT_POLICY;
  const parsed = parseSubgraphs(input.subgraphs);
  if ('errors' in parsed) return reportOf(input, { problems: parsed.errors });
  const composition = composeDocuments(input.subgraphs, parsed.documents);
  if ('errors' in composition) return reportOf(input, { problems: composition.errors });
  const next = loadAsGateway(composition.supergraphSdl);
  if (!('schema' in next)) return reportOf(input, { problems: [next, ...composition.hints] });

  const known = knownOperations({ files: input.operations, usage: input.usage, policy });
  const base = input.base && loadBase(input.base, composition.supergraphSdl, next);
  const replayed = replay(known.operations, next.schema, base?.schema);
  const found = [
    ...known.problems,
    ...composition.hints,
    ...replayed.flatMap(({ operation, findings }) => findings.map((one) => operationProblem(operation, one, policy))),
  ];
  if (base === undefined) {
    const contracts = contractProblems({ next, contracts: input.contracts ?? {} }, undefined);
    return reportOf(input, { problems: [...found, ...contracts], known });
  }
  const before = input.base?.subgraphs && parseSubgraphs(input.base.subgraphs);
  const baseDocuments = before !== undefined && 'documents' in before ? before.documents : undefined;
  const { documents } = parsed;
  const compared = await compare({ input, base, next, baseDocuments, documents, policy, known, replayed });
  const problems = withApprovals([...found, ...compared.problems], input.approvals ?? [], input.now ?? new Date());
  return reportOf(input, { ...compared, problems, known });
}

/** What was out before was loaded by gateways then; when it is the same text, it is not loaded a second time. */
function loadBase({ supergraphSdl }: CheckBase, nextSdl: string, next: LoadedSupergraph): LoadedSupergraph {
  return supergraphSdl.trimEnd() === nextSdl.trimEnd() ? next : loadSupergraph(supergraphSdl, { isProven: true });
}
