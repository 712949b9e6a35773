import { createTelemetry } from '@weft/telemetry';
import { GraphQLSchema } from 'graphql';
import { createCopies } from './fetch/copies.ts';
import { createDeadlines } from './fetch/deadlines.ts';
import { fetchStages } from './fetch/stages.ts';
import { httpStages } from './http/stages.ts';
import { createDocuments } from './operation/documents.ts';
import { operationStages } from './operation/stages.ts';
import { validatedStages } from './operation/validated-stages.ts';

interface Stage {
  readonly name: string;
  readonly does: string;
}

/** The text of docs/lifecycle.md, printed from the lists that make the order. */
export function lifecycleText(): string {
  const { http, operation, validated, fetch } = allStages();
  return `${[
    '# The life of a request',
    'Printed from the stage lists of the gateway; do not edit it. Each stage wraps those below it: it sees the request on its way down and the answer on its way up. The reason for each place in the order stands beside it in the lists.',
    '## HTTP (`gateway/src/http/stages.ts`)',
    table(http),
    'Then the media type of the answer is chosen, and the body or the search parameters are read.',
    '## Operation (`gateway/src/operation/stages.ts`)',
    table(operation),
    'Then the host of the leased supergraph parses and validates the document, both once for each document and supergraph.',
    '## Validated operation (`gateway/src/operation/validated-stages.ts`)',
    table(validated),
    'Then the engine plans it, once for each operation and supergraph, and runs the plan. What is not meant for clients is masked in its errors.',
    '## Fetch (`gateway/src/fetch/stages.ts`), once for each fetch of the plan',
    table(fetch),
    'Then it is sent over a kept connection, and the answer is read within its bound of bytes.',
    '## Spans',
    'gateway.operation is a child of the span that the client names in `traceparent`. gateway.plan and every gateway.fetch are children of gateway.operation; the `traceparent` of a fetch names its gateway.fetch, so that what the subgraph does is below it. gateway.plan says in `weft.cache` whether the plan was made (`miss`) or found (`hit`). An answer from the response cache has neither.',
  ].join('\n\n')}\n`;
}

/** With what they are made of left out: only names and sentences are read. */
function allStages(): Record<'http' | 'operation' | 'validated' | 'fetch', readonly Stage[]> {
  const telemetry = createTelemetry({ service: 'docs', logLevel: 'silent' });
  const unused = () => {
    throw new Error('a stage that is only described was called');
  };
  return {
    http: httpStages({
      path: '/graphql',
      telemetry,
      knownOperations: [],
      cors: { origins: [], credentials: false, maxAge: 0 },
      forward: [],
      verifyToken: unused,
      consoleDirectory: '.',
    }),
    operation: operationStages({
      telemetry,
      lease: unused,
      persisted: { get: unused, set: unused },
      documents: createDocuments({ count: unused }),
      store: undefined,
      maxAgeMs: 0,
    }),
    validated: validatedStages({
      schema: new GraphQLSchema({}),
      access: new Map(),
      demand: { listSizes: new Map(), weights: new Map() },
      maxCost: 0,
      assumedListSize: 0,
      deduplicate: false,
      operationTimeoutMs: 0,
    }),
    fetch: fetchStages({
      telemetry,
      copies: createCopies({ ejectMs: 0 }),
      deadlines: createDeadlines(),
      timeoutMs: 0,
      deduplicate: false,
      breakAfter: 1,
      breakForMs: 0,
      injectTrace: unused,
      userToken: undefined,
      sign: undefined,
    }),
  };
}

function table(stages: readonly Stage[]): string {
  const rows = stages.map(({ name, does }, index) => `| ${index + 1} | ${name} | ${does} |`);
  return ['| | stage | what it does |', '|--:|---|---|', ...rows].join('\n');
}
