import { declareWhatIsNamed } from './declare-named.ts';
import { drawEntityInterface, drawInterfaces, drawUnions } from './draw-abstracts.ts';
import { drawEntities, drawValueTypes } from './draw-objects.ts';
import { drawReferences, drawRoots } from './draw-references.ts';
import { drawProvides, drawRequires } from './draw-requirements.ts';
import { createRandom } from './random.ts';
import type { World } from './world.ts';

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

/** A graph by its seed. It need not compose: whoever composes it draws the next one then. */
export function drawWorld(seed: number, subgraphs?: number): World {
  const random = createRandom(seed);
  const world: World = {
    seed,
    subgraphs: NAMES.slice(0, subgraphs ?? random.pick([2, 2, 3, 3, 3, 4, 5])),
    objects: [],
    interfaces: [],
    unions: [],
    faults: random.chance(0.35),
  };
  drawEntities(world, random);
  drawEntityInterface(world, random);
  drawValueTypes(world, random);
  drawInterfaces(world, random);
  drawUnions(world, random);
  drawReferences(world, random);
  drawRoots(world, random);
  declareWhatIsNamed(world, random);
  drawRequires(world, random);
  declareWhatIsNamed(world, random); // of externals
  drawProvides(world, random);
  declareWhatIsNamed(world, random);
  drawFaults(world, random.chance);
  return world;
}

/** Fields that only one subgraph says something about: where subgraphs differ in what may be null, so do their faults. */
function drawFaults(world: World, chance: (probability: number) => boolean): void {
  if (!world.faults) return;
  const required = JSON.stringify(world);
  for (const type of [...world.objects, ...world.interfaces.flatMap(({ object }) => object ?? [])]) {
    for (const field of type.fields) {
      const [only, ...others] = field.declarations;
      if (only === undefined || others.length > 0 || only.requires !== undefined) continue;
      const named = new RegExp(`"(requires|provides)":"[^"]*\\b${field.name}\\b`).test(required);
      if (!named && chance(0.15)) field.faulty = true;
    }
  }
}
