import type { Figures } from './measure.ts';

/** One gateway in one scenario. */
export interface Result extends Figures {
  readonly answerBytes: number;
  readonly inOrder: boolean;
  /** Requests to subgraphs for one operation, and how many waves they went out in. */
  readonly fetches: number;
  readonly waves: number;
  /** The client's authorization was missing on so many of them. */
  readonly anonymous: number;
}

/** By scenario, then by gateway. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, Result>>;

/** Gateways or scenarios of gateways without figures, with the reason. */
export type Missing = { readonly gateway: string; readonly scenario: string | undefined; readonly why: string }[];

export const ratioOf = (results: Results, scenario: string, rival: string): number | undefined => {
  const of = results.get(scenario);
  const [theirs, ours] = [of?.get(rival)?.cpuMs, of?.get('weft')?.cpuMs];
  return theirs === undefined || ours === undefined ? undefined : theirs / ours;
};
