import { buildSubgraphSchema } from '@apollo/subgraph';
import { type ExecutionResult, execute, type GraphQLResolveInfo, type GraphQLSchema, parse, validate } from 'graphql';
import type { OperationContext } from '../../src/operation-context.ts';
import type { CallSubgraph } from '../../src/subgraph-call.ts';
import { type Thing, thingOf } from './identity.ts';
import { writeReply } from './reply-text.ts';
import { isForeign, namesIn, requiredFrom, requiredOf } from './required-values.ts';
import { computeValue, Fault } from './values.ts';
import { type Declaration, declarationIn, fieldNamed, type World } from './world.ts';

/** A thing as one subgraph holds it. */
interface Held extends Thing {
  /** It came by this representation; without one, nothing that it requires is known. */
  readonly representation?: Readonly<Record<string, unknown>>;
  /** External fields that came along by `@provides`. */
  readonly provided?: readonly string[];
}

/** One request that was sent and answered. */
export interface Trace {
  readonly subgraph: string;
  readonly body: string;
  readonly reply: string;
  /** What no engine should have asked. */
  readonly mistakes: readonly string[];
}

export interface MockedSubgraphs {
  readonly schemas: ReadonlyMap<string, GraphQLSchema>;
  readonly call: CallSubgraph;
  /** What was asked for one operation, in order. */
  traceOf(context: OperationContext): readonly Trace[];
}

export function mockSubgraphs(
  world: World,
  subgraphs: readonly { readonly name: string; readonly typeDefs: string }[],
): MockedSubgraphs {
  const schemas = new Map(subgraphs.map(({ name, typeDefs }) => [name, buildSchema(world, typeDefs)]));
  const runs = new WeakMap<OperationContext, { traces: Trace[]; mutations: number }>();
  const runOf = (context: OperationContext) => {
    const run = runs.get(context) ?? { traces: [], mutations: 0 };
    runs.set(context, run);
    return run;
  };
  return {
    schemas,
    traceOf: (context) => runOf(context).traces,
    async call({ subgraph, body, context }) {
      const schema = schemas.get(subgraph);
      if (schema === undefined) throw new Error(`no subgraph ${subgraph}`);
      const run = runOf(context);
      const result = await answer(world, { subgraph, schemas, schema, body, before: () => run.mutations++ });
      const text = schemas.size === 1 ? JSON.stringify(result) : writeReply(world.seed, body, result);
      run.traces.push({ subgraph, body, reply: text, mistakes: mistakesOf(schema, body, result) });
      return { status: 200, cacheControl: undefined, text };
    },
  };
}

/** An operation that the subgraph's schema does not allow, and whatever else but its own faults made it fail. */
function mistakesOf(schema: GraphQLSchema, body: string, { errors = [] }: ExecutionResult): string[] {
  const { query } = JSON.parse(body) as { query: string };
  const failed = errors.filter(({ originalError }) => !(originalError instanceof Fault));
  return [...validate(schema, parse(query, { noLocation: true })), ...failed].map(({ message }) => message);
}

interface Request {
  readonly subgraph: string;
  readonly schemas: ReadonlyMap<string, GraphQLSchema>;
  readonly schema: GraphQLSchema;
  readonly body: string;
  /** Mutations of this operation that ran before. */
  readonly before: () => number;
}

async function answer(world: World, request: Request): Promise<ExecutionResult> {
  const { query, variables } = JSON.parse(request.body) as { query: string; variables?: Record<string, unknown> };
  return await execute({
    schema: request.schema,
    document: parse(query, { noLocation: true }),
    variableValues: variables ?? {},
    fieldResolver: (source: Held | undefined, given: Record<string, unknown>, _context, info) =>
      resolveField(world, request, { source, given, info }),
  });
}

function resolveField(
  world: World,
  { subgraph, schemas, before }: Pick<Request, 'subgraph' | 'schemas' | 'before'>,
  asked: {
    readonly source: Held | undefined;
    readonly given: Readonly<Record<string, unknown>>;
    readonly info: GraphQLResolveInfo;
  },
): unknown {
  const { source, given, info } = asked;
  const { fieldName, parentType } = info;
  const held: Held = source ?? { type: parentType.name, number: 0 };
  // not the type of the thing: who knows only its interface knows other fields of it
  const found = fieldNamed(world, parentType.name, fieldName);
  const declaration = found === undefined ? undefined : declarationIn(found.field, subgraph);
  if (found === undefined || declaration === undefined) throw new Error(`${parentType.name}.${fieldName} is not here`);
  if (isForeign(found.field, subgraph) && !held.provided?.includes(fieldName)) {
    throw new Error(`${parentType.name}.${fieldName} is not served by ${subgraph}`);
  }
  const value = computeValue(world, held, fieldName, {
    arguments: given,
    ...(parentType.name === 'Mutation' && { before: before() }),
    ...(declaration.requires !== undefined && { required: requiredBy(held, declaration) }),
  });
  return hold(value, declaration.provides?.split(' '));

  /** From the representation; or, when `@provides` brought all of it along, what the subgraph knows itself. */
  function requiredBy(of: Held, requiring: Declaration): unknown {
    const { requires = '' } = requiring;
    if (of.representation !== undefined) return requiredFrom(requires, of.representation);
    if (namesIn(requires).every((name) => of.provided?.includes(name)))
      return requiredOf(world, schemas, of, requiring);
    throw new Error(`${parentType.name}.${fieldName} was asked without a representation`);
  }
}

/** Things as this subgraph holds them; a new object for each, since @apollo/subgraph writes into what it is given. */
function hold(value: unknown, provided: readonly string[] | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => hold(item, provided));
  if (!isThing(value)) return value;
  return { ...value, ...(provided !== undefined && { provided }) };
}

function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && 'type' in value && 'number' in value;
}

function buildSchema(world: World, typeDefs: string): GraphQLSchema {
  const document = parse(typeDefs, { noLocation: true });
  const resolvers: Record<string, Record<string, unknown>> = {};
  const __resolveReference = (representation: Record<string, unknown>): Held => ({
    ...thingOf(world, representation),
    representation,
  });
  const __resolveType = (thing: Thing) => thing.type;
  for (const definition of document.definitions) {
    if (definition.kind === 'InterfaceTypeDefinition' || definition.kind === 'UnionTypeDefinition') {
      resolvers[definition.name.value] = { __resolveType };
    }
    const keyed = 'directives' in definition && definition.directives?.some(({ name }) => name.value === 'key');
    if (keyed && 'name' in definition && definition.name !== undefined) {
      resolvers[definition.name.value] = { ...resolvers[definition.name.value], __resolveReference };
    }
  }
  return buildSubgraphSchema([{ typeDefs: document, resolvers: resolvers as never }]) as GraphQLSchema;
}
