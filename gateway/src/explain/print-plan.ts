import { type OperationDefinitionNode, parse, print } from 'graphql';
import type { EntityGroup, PlanStep } from '../execution/plan/steps.ts';
import type { PlannedOperation } from '../execution/weft/planned-operation.ts';

/** The plan of an operation for a person: each request, what it waits for, the entities it completes, its text. */
export function printPlan(operation: OperationDefinitionNode, { steps, program }: PlannedOperation): string {
  const name = `${operation.operation}${operation.name === undefined ? '' : ` ${operation.name.value}`}`;
  const way = 'code' in program ? 'generated code over bytes' : `objects: ${program.without}`;
  return [
    `${name}: ${count(steps.length, 'request')}${steps.length > 1 ? ` in ${count(rounds(steps), 'round')}` : ''}`,
    `Runs as ${way}.`,
    ...steps.flatMap((step) => ['', ...printStep(step)]),
  ].join('\n');
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** The longest chain of requests that wait for each other. */
function rounds(steps: readonly PlanStep[]): number {
  const depths: number[] = [];
  for (const { id, after } of steps) depths[id] = 1 + Math.max(0, ...after.map((before) => depths[before] ?? 0));
  return Math.max(...depths);
}

function printStep(step: PlanStep): string[] {
  const { id, subgraph, type, operation, groups, place, after, when, variables } = step;
  const waits = after.length === 0 ? 'at once' : `after ${after.map((before) => before + 1).join(', ')}`;
  const conditions = when.map(({ variable, is }) => `${is ? 'if' : 'unless'} $${variable}`);
  return [
    [`${id + 1}  ${subgraph}`, waits, ...conditions, ...(type === 'mutation' ? ['mutation'] : [])].join('  '),
    ...(place.length === 0 ? [] : [`   at ${place.join('.')}`]),
    ...(groups ?? []).flatMap((group) => printGroup(group, groups?.length ?? 0)),
    ...(variables.length === 0 ? [] : [`   passes on ${variables.map((variable) => `$${variable}`).join(', ')}`]),
    ...print(parse(operation))
      .split('\n')
      .map((line) => `   ${line}`),
  ];
}

function printGroup({ responseKey, places, requires }: EntityGroup, groups: number): string[] {
  const key = groups > 1 ? `${responseKey}: ` : '';
  return [`   ${key}completes ${places.map((place) => place.join('.')).join(' and ')}, by ${printRequired(requires)}`];
}

/** `Product { id weight }` for a type condition, `id` for a field. */
function printRequired(selections: EntityGroup['requires']): string {
  return selections
    .map((selection) => {
      const inner = selection.selections === undefined ? '' : ` { ${printRequired(selection.selections)} }`;
      return selection.kind === 'Field'
        ? `${selection.name}${inner}`
        : `${selection.typeCondition ?? ''}${inner}`.trim();
    })
    .join(' ');
}
