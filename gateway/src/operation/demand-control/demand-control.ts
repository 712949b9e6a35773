import { GraphError } from '@weft/errors';
import { GraphQLError, Kind, valueFromASTUntyped } from 'graphql';
import { operationOf, perOperation, type ValidatedOperation, type ValidatedStage } from '../validated-operation.ts';
import { createEstimateCost, type EstimateCost, type EstimateOptions } from './estimate-cost.ts';

export interface DemandControlOptions extends EstimateOptions {
  readonly maxCost: number;
}

/** Operations whose costs are remembered. */
const MOST_OPERATIONS = 1_000;
/** Costs of one operation that are remembered, by the variables that make them. */
const MOST_COSTS = 32;
/** Values of variables that are longer are not worth to be remembered. */
const MOST_CHARACTERS = 200;

/** Refuses an operation that asks for too much, before it is planned. */
export function demandControlStage(options: DemandControlOptions): ValidatedStage {
  const { maxCost } = options;
  const estimate = createEstimateCost(options);
  const costsOf = perOperation(MOST_OPERATIONS, (operation) => rememberCosts(operation, estimate));
  return {
    name: 'demand-control',
    does: 'refuses an operation whose estimated cost is over the limit: the objects it can give, by its list sizes',
    wrap: (next) => async (operation, context) => {
      const cost = costsOf(operation)(operation.variables);
      if (cost <= maxCost) return await next(operation, context);
      return { errors: [tooExpensive(cost, maxCost)] };
    },
  };
}

/** Costs are the same for equal values of the variables that were read to find them. */
function rememberCosts(
  operation: ValidatedOperation,
  estimate: EstimateCost,
): (variables: Readonly<Record<string, unknown>>) => number {
  const defaults = defaultsOf(operation);
  const read = new Set<string>();
  const known = new Map<string, number>();
  return (variables) => {
    const names = read.size;
    const key = names === 0 ? '' : JSON.stringify([...read].map((name) => variables[name] ?? defaults.get(name)));
    const found = known.get(key);
    if (found !== undefined) return found;
    const cost = estimate(operation, noting(read, { ...Object.fromEntries(defaults), ...variables }));
    if (read.size > names)
      known.clear(); // a key of fewer variables says too little now
    else if (key.length <= MOST_CHARACTERS && known.size < MOST_COSTS) known.set(key, cost);
    return cost;
  };
}

function noting(read: Set<string>, variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return new Proxy(variables, {
    get(target, name) {
      if (typeof name === 'string') read.add(name);
      return typeof name === 'string' && Object.hasOwn(target, name) ? target[name] : undefined;
    },
  });
}

function defaultsOf(operation: ValidatedOperation): ReadonlyMap<string, unknown> {
  return new Map(
    (operationOf(operation).variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined || defaultValue.kind === Kind.NULL
        ? []
        : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
    ),
  );
}

function tooExpensive(cost: number, limit: number): GraphQLError {
  const own = new GraphError(
    'COST_ESTIMATED_TOO_EXPENSIVE',
    `The operation is estimated to cost ${Math.round(cost)}, more than ${limit}: ask for fewer items or levels.`,
    { extensions: { cost: Math.round(cost), limit } },
  );
  return new GraphQLError(own.message, { originalError: own, extensions: own.extensions });
}
