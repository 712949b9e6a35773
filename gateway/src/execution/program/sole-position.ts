import type { Position, Provider } from './layout.ts';
import { Unsupported } from './unsupported.ts';

/** Objects that several steps bring piece by piece are merged by the object executor only. */
export function solePosition(providers: readonly Provider[], place: string): Position | undefined {
  if (providers.length > 1) throw new Unsupported(`${place} comes from several steps`);
  return providers[0]?.field.position ?? undefined;
}
