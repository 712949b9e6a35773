import { isGraphError } from '@weft/errors';
import { ATTRIBUTES, SPANS } from '@weft/telemetry';
import type { BatchContext } from './batch/batch-context.ts';
import { selectOf } from './compile/compile-keyed.ts';
import { compileNode, createBuilder, type Prepared, prepare } from './compile/statement.ts';
import type { Reference } from './loaders.ts';

type AnyReference = Reference<unknown, unknown>;

interface Kept {
  readonly prepared: Prepared;
  text: string | undefined;
  until: number;
  loading: Promise<string> | undefined;
}

/** Reference tables of one process: each read whole from any one shard and kept for its time. */
export interface ReferenceTables {
  rows(reference: AnyReference, context: BatchContext): Promise<readonly unknown[]>;
}

export function createReferenceTables(shards: readonly string[], clock: () => number = Date.now): ReferenceTables {
  const kept = new Map<AnyReference, Kept>();
  let turn = 0;

  const keptOf = (reference: AnyReference): Kept => {
    const found = kept.get(reference) ?? toKept(reference);
    kept.set(reference, found);
    return found;
  };

  /** The next shard when one cannot be read: they all have the same rows. */
  const readAnywhere = async ({ name }: AnyReference, prepared: Prepared, context: BatchContext): Promise<string> => {
    let failure: unknown;
    for (let step = 0; step < shards.length; step += 1) {
      const shard = shards[turn++ % shards.length] ?? '';
      try {
        const statement = { ...prepared, parameters: [...prepared.parameters], loader: name };
        // Not the limits of the request: others wait for the same rows.
        const { rows } = await context.read(shard, statement, { primary: false });
        return JSON.stringify(rows);
      } catch (error) {
        if (!isGraphError(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  };

  const refresh = (reference: AnyReference, entry: Kept, context: BatchContext): Promise<string> => {
    entry.loading ??= context.telemetry
      .span(SPANS.subgraphBatch, { parent: context.home, attributes: { [ATTRIBUTES.loader]: reference.name } }, () =>
        readAnywhere(reference, entry.prepared, context),
      )
      .then((text) => {
        entry.text = text;
        entry.until = clock() + reference.ttlMs;
        return text;
      })
      .finally(() => {
        entry.loading = undefined;
      });
    return entry.loading;
  };

  return {
    async rows(reference, context) {
      const entry = keptOf(reference);
      let text = entry.text;
      if (text === undefined || clock() >= entry.until) {
        text = await refresh(reference, entry, context).catch((error: unknown) => {
          // No shard answers: what was true a while ago is better than no category at all.
          if (entry.text === undefined || !isGraphError(error)) throw error;
          return entry.text;
        });
      }
      return JSON.parse(text) as unknown[];
    },
  };
}

function toKept(reference: AnyReference): Kept {
  const node = selectOf(reference.name, reference.statement(createBuilder()));
  return { prepared: prepare(compileNode(node)), text: undefined, until: 0, loading: undefined };
}
