import type { EntityGroup } from '../plan/steps.ts';
import type { ABSENT, Data, FAILED } from './data.ts';
import type { Represent } from './representations.ts';
import { applyRewrites } from './rewrites.ts';
import { addTargets, type Target } from './targets.ts';
import type { TypeRelations } from './type-relations.ts';

/** The objects of one group, each distinct representation once. */
export interface EntityBatch {
  /** JSON texts, in the order in which they are sent. */
  readonly representations: readonly string[];
  /** `__typename` of each representation. */
  readonly types: readonly unknown[];
  /** For each representation, the objects that it stands for. */
  readonly targets: readonly (readonly Target[])[];
}

export interface BatchOptions {
  readonly represent: Represent;
  readonly relations: TypeRelations;
  /** What to do with an object that cannot be told to the subgraph for what was not brought before. */
  readonly onMissing: (target: Target, because: typeof FAILED | typeof ABSENT) => void;
}

export function entityBatch(root: Data, group: EntityGroup, options: BatchOptions): EntityBatch {
  const found: Target[] = [];
  for (const place of group.places) addTargets(root, place, found);
  const indexes = new Map<string, number>();
  const types: unknown[] = [];
  const targets: Target[][] = [];
  for (const target of found) {
    const represented = options.represent(target.object);
    if (represented.kind === 'missing' && represented.because !== undefined) {
      options.onMissing(target, represented.because);
    }
    if (represented.kind !== 'representation') continue;
    applyRewrites(represented.value, group.inputRewrites, options.relations);
    const text = JSON.stringify(represented.value);
    const known = indexes.get(text);
    if (known !== undefined) {
      targets[known]?.push(target);
      continue;
    }
    indexes.set(text, types.length);
    types.push(represented.value.__typename);
    targets.push([target]);
  }
  return { representations: [...indexes.keys()], types, targets };
}
