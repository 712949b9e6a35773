import type { GraphqlAnswer, GraphqlRequest } from '../graphql-request.ts';
import type { OperationContext } from '../operation-context.ts';
import { createCacheHints } from './cache-policy.ts';
import type { Documents } from './documents.ts';
import { type LeaseHost, leaseStage } from './lease.ts';
import { limitsStage } from './limits.ts';
import type { Answer, OperationStage } from './operation-stage.ts';
import { type DocumentStore, persistedOperationsStage } from './persisted-operations.ts';
import { type ResponseCacheOptions, responseCacheStage } from './response-cache.ts';

export interface OperationStagesOptions extends ResponseCacheOptions {
  readonly lease: LeaseHost;
  readonly persisted: DocumentStore;
  readonly documents: Documents;
}

/** Every operation stage, outermost first. The order is the behaviour: move a line only with its reason. */
export function operationStages(options: OperationStagesOptions): OperationStage[] {
  return [
    persistedOperationsStage(options.persisted), // gives the text that everything below reads
    limitsStage(options.documents), // before the cache, which reads tokens, and before the parser
    leaseStage(options.lease), // before the cache, whose keys hold the supergraph; only what is admitted holds a lease
    responseCacheStage(options), // innermost: it stands in for parsing, validation and execution
  ];
}

export type AnswerOperation = (
  request: GraphqlRequest,
  context: Omit<OperationContext, 'cacheHints'>,
) => Promise<GraphqlAnswer>;

/** The stages around the host of the leased supergraph, as the function that HTTP calls. */
export function createAnswerOperation(stages: readonly OperationStage[]): AnswerOperation {
  const host: Answer = async ({ host, request, context }) => {
    if (host === undefined) throw new Error('an operation reached its host without a lease');
    return await host.answer(request, context);
  };
  const answer = stages.reduceRight<Answer>((next, stage) => stage.wrap(next), host);
  return (request, context) => {
    const cacheHints = createCacheHints();
    return answer({
      request,
      context: { ...context, cacheHints },
      host: undefined,
      document: undefined,
      cachePolicy: cacheHints.policy,
    });
  };
}
