import { ERROR_CODES, GraphError, isGraphError, messageOf } from '@weft/errors';
import type { SubgraphReply } from '../../subgraph-call.ts';
import { readSubgraphResponse, type SubgraphResponse } from '../subgraph-response.ts';
import { entityBatch } from './entity-batch.ts';
import { parseExactJson } from './exact-json.ts';
import { fillFields } from './failures.ts';
import type { Run, RunOptions } from './run.ts';
import { type GroupProgram, requestBody, type StepProgram } from './step-program.ts';
import { takeAnswer, takeFailure, type Work } from './take-answer.ts';
import { addTargets, type Target } from './targets.ts';

/** Errors of one answer that the log shows. */
const MOST_LOGGED = 5;

/**
 * Runs the steps, each as soon as those it comes after are over. Never rejects for what a subgraph did, or because the
 * operation was aborted: what is missing then is FAILED in the data, with its errors.
 */
export async function runSteps(programs: readonly StepProgram[], run: Run, options: RunOptions): Promise<void> {
  const over: Promise<void>[] = [];
  for (const program of programs) {
    const { after } = program.step;
    const start = (): Promise<void> => runStep(program, run, options);
    const first =
      after.length === 0 ? start() : Promise.all(after.map((id) => over[id] ?? Promise.resolve())).then(start);
    over.push(first);
  }
  await Promise.all(over);
}

async function runStep(program: StepProgram, run: Run, options: RunOptions): Promise<void> {
  const { step } = program;
  if (!step.when.every(({ variable, is }) => run.isTrue(variable) === is)) return;
  const work = prepare(program, run, options);
  if (work === undefined) return;
  let response: SubgraphResponse;
  try {
    const reply = await send(work, run, options);
    run.context.cacheHints.add(reply.cacheControl);
    response = readSubgraphResponse(reply, {
      subgraph: step.subgraph,
      query: step.operation,
      trustSubgraphErrors: options.trustSubgraphErrors,
      errorExtensions: options.errorExtensions,
      parseJson: parseExactJson,
    });
  } catch (error) {
    const failure = toGraphError(error);
    const { code, log, cause } = failure;
    options.log.warn({ code, path: program.path, ...log, error: cause }, 'A fetch failed.');
    return takeFailure(failure, work, run);
  }
  logErrors(response.errors, program, options);
  takeAnswer(response, work, run, options);
}

/** Undefined when there is no object to complete. */
function prepare(program: StepProgram, run: Run, { relations }: RunOptions): Work | undefined {
  const targets: Target[] = [];
  if (program.step.groups === null) {
    addTargets(run.root, program.step.place, targets);
    return targets.length === 0 ? undefined : { program, targets, batches: [] };
  }
  const batches = program.groups.map(({ group, represent, asked }: GroupProgram) =>
    entityBatch(run.root, group, {
      represent,
      relations,
      onMissing: (target, because) => fillFields(because, [target], asked),
    }),
  );
  const some = batches.some(({ representations }) => representations.length > 0);
  return some ? { program, targets, batches } : undefined;
}

function send({ program, batches }: Work, run: Run, { call }: RunOptions): Promise<SubgraphReply> {
  const { step, address, path } = program;
  run.context.signal.throwIfAborted();
  const representations = batches.map((batch) => batch.representations);
  return call({
    subgraph: step.subgraph,
    address,
    type: step.type,
    body: requestBody(program, run.variables, representations),
    path,
    context: run.context,
  });
}

/** Errors that a subgraph told, whole, in one line. What only another request can cure is the client's affair. */
function logErrors(errors: SubgraphResponse['errors'], { step }: StepProgram, { log }: RunOptions): void {
  if (errors.length === 0) return;
  const sent = errors.slice(0, MOST_LOGGED).map(({ error }) => error.log.sent ?? error.log);
  const level = errors.every(({ error }) => ERROR_CODES[error.code].retry === 'changed') ? 'debug' : 'warn';
  log[level]({ subgraph: step.subgraph, count: errors.length, sent }, 'A subgraph answered with errors.');
}

function toGraphError(error: unknown): GraphError {
  if (isGraphError(error)) return error;
  return new GraphError('INTERNAL_SERVER_ERROR', 'Internal server error', {
    log: { reason: messageOf(error) },
    cause: error,
  });
}
