import type { ByteOutcome, SubgraphReply } from '../../subgraph-call.ts';
import type { Arena } from './arena.ts';
import type { EntityBatch } from './entity-batch.ts';
import type { SentRequest } from './replay.ts';

/** A request under way, and what came of it. */
export class Sent {
  readonly subgraph: string;
  readonly bodyBytes: string;
  readonly batches: readonly EntityBatch[];
  /** Where the answer's text begins in the arena. */
  start = 0;
  #outcome: ByteOutcome | undefined;
  #late: ((outcome: ByteOutcome) => void) | undefined;

  constructor(subgraph: string, bodyBytes: string, batches: readonly EntityBatch[]) {
    this.subgraph = subgraph;
    this.bodyBytes = bodyBytes;
    this.batches = batches;
  }

  settle(outcome: ByteOutcome): void {
    this.#outcome = outcome;
    this.#late?.(outcome);
  }

  /** For a replay. The arena still holds the texts of the answers that have come. */
  toRequest(arena: Arena): SentRequest {
    const { subgraph, bodyBytes } = this;
    const reply = this.#outcome === undefined ? this.#whenItComes() : this.#fromArena(this.#outcome, arena);
    // whether anybody asks for it again is not known here
    reply.catch(() => undefined);
    return { subgraph, bodyBytes, reply };
  }

  #fromArena(outcome: ByteOutcome, { bytes }: Arena): Promise<SubgraphReply> {
    if ('error' in outcome) return Promise.reject(outcome.error);
    const { status, cacheControl, start, end } = outcome.reply;
    const text = bytes.toString('utf8', this.start, this.start + end - start);
    return Promise.resolve({ status, cacheControl, text });
  }

  #whenItComes(): Promise<SubgraphReply> {
    return new Promise((resolve, reject) => {
      this.#late = (outcome) => {
        if ('error' in outcome) return reject(outcome.error);
        const { status, cacheControl, bytes, start, end } = outcome.reply;
        resolve({ status, cacheControl, text: bytes.toString('utf8', start, end) });
      };
    });
  }
}
