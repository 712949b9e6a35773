/** Remembers which counters of a signer were used, in constant memory: the sliding bitmap of IPsec (RFC 6479). */
export interface ReplayWindow {
  /** True the first time a counter comes. False when it came before, or is too far behind to know. */
  accept(signer: string, counter: number, nowMs: number): boolean;
  /** Signers that are remembered now. */
  readonly size: number;
}

/** How far behind the newest a request may arrive: at 10,000 a second, three seconds. 4 KiB for each signer. */
const WINDOW = 32_768;

interface Signer {
  newest: number;
  lastMs: number;
  readonly used: Uint32Array;
}

/**
 * `forgetAfterMs`: a signer that was silent for so long has nothing in flight that its timestamp would not refuse.
 * When more than `maxSigners` are fresh, new ones are refused: forgetting one would let its requests be replayed.
 */
export function createReplayWindow(options: {
  readonly forgetAfterMs: number;
  readonly maxSigners?: number;
}): ReplayWindow {
  const maxSigners = options.maxSigners ?? 1_024;
  // In the order of last use, so the one to forget is the first.
  const signers = new Map<string, Signer>();

  const forgetSilent = (nowMs: number): void => {
    for (const [name, signer] of signers) {
      if (nowMs - signer.lastMs <= options.forgetAfterMs) return;
      signers.delete(name);
    }
  };
  return {
    accept(name, counter, nowMs) {
      forgetSilent(nowMs);
      let signer = signers.get(name);
      if (signer === undefined) {
        if (signers.size >= maxSigners) return false;
        signer = { newest: -1, lastMs: nowMs, used: new Uint32Array(WINDOW / 32) };
      }
      signers.delete(name);
      signers.set(name, signer);
      signer.lastMs = nowMs;
      return use(signer, counter);
    },
    get size() {
      return signers.size;
    },
  };
}

function use(signer: Signer, counter: number): boolean {
  if (counter > signer.newest) {
    const steps = counter - signer.newest;
    if (steps >= WINDOW) signer.used.fill(0);
    else for (let passed = signer.newest + 1; passed < counter; passed++) write(signer.used, passed, false);
    signer.newest = counter;
    write(signer.used, counter, true);
    return true;
  }
  if (signer.newest - counter >= WINDOW || read(signer.used, counter)) return false;
  write(signer.used, counter, true);
  return true;
}

function read(used: Uint32Array, counter: number): boolean {
  return ((used[(counter % WINDOW) >>> 5] ?? 0) & (1 << (counter & 31))) !== 0;
}

function write(used: Uint32Array, counter: number, value: boolean): void {
  const word = (counter % WINDOW) >>> 5;
  const bit = 1 << (counter & 31);
  used[word] = value ? (used[word] ?? 0) | bit : (used[word] ?? 0) & ~bit;
}
