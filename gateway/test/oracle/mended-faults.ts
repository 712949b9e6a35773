import type { Operation } from './draw-operation.ts';

/** An operation that the weft engine once answered wrongly, or refused, as small as it could be made. */
export interface MendedFault extends Operation {
  readonly name: string;
  /** Seed of its graph. */
  readonly graph: number;
}

/** Each is asked again: the runs draw others. */
export const MENDED_FAULTS: readonly MendedFault[] = [
  {
    name: 'an error of a field that was not selected for the type of the object is not told',
    graph: 700_097,
    text: '{ q6 { ... on Song { o1 } } q6 { ... on Book { media0 { c2 } } } }',
    variables: {},
  },
  {
    name: 'a fetch that waits for one that the plan puts later is sent after it',
    graph: 400_146,
    text: '{ q7 { owner { code c6 } } }',
    variables: {},
  },
  {
    name: 'an interface object that requires fields of others is refused',
    graph: 100_005,
    text: '{ q8 { ... on Song { c15 } } }',
    variables: {},
  },
  {
    name: 'an interface object that requires what came along with its own parent is refused',
    graph: 400_005,
    text: '{ q6 { c13 } }',
    variables: {},
  },
  {
    name: 'a requirement of an interface object below one of its types is refused',
    graph: 400_024,
    text: '{ q4 { c8 } }',
    variables: {},
  },
];
