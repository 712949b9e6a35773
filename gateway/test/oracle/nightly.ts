import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { NightlyMessage, NightlyTask } from './nightly-worker.ts';
import type { Asked } from './run.ts';

/**
 * `nightly.ts --operations 50000 --seed 7 --engine weft`: prints each wrong answer whole, and the counts; exits 1 when one is
 * wrong. Engines run in a thread that plans by itself: an operation that takes it too long, or all memory, is told as `lost`
 * and counted as refused, because it is refused where plans are made within bounds.
 */
const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000)) },
    engine: { type: 'string', default: 'weft' },
    /** Failures that are made smaller and printed. */
    show: { type: 'string', default: '10' },
    /** Only failures of this kind: wrong, refused or crashed. */
    only: { type: 'string' },
    'shrink-seconds': { type: 'string', default: '60' },
  },
});

/** Of the processor, for one operation. */
const LONGEST_OPERATION_MS = 10_000;
const LONGEST_SILENCE_MS = 600_000;
const LOOK_MS = 500;
/** Operations. */
const TELL_EVERY = 500;
const MOST_MEMORY_MB = 1_500;

const total = Number(values.operations);
const counts = { operations: 0, right: 0, wrong: 0, refused: 0, crashed: 0 };
let told = 0;
const shrinkMs = Number(values['shrink-seconds']) * 1_000;
let left = Number(values.show);
let firstGraph = 0;
while (counts.operations < total) {
  const lost = await runWorker({
    engine: values.engine,
    seed: Number(values.seed),
    operations: total - counts.operations,
    firstGraph,
    show: left,
    only: values.only,
    shrinkMs,
  });
  if (lost === undefined) break;
  counts.operations++;
  counts.refused++;
  firstGraph = lost.asked.index + 1;
  const { text, variables } = lost.asked.operation;
  console.log(`== lost: graph ${lost.asked.graphSeed}: ${lost.why}\n${text}\nvariables ${JSON.stringify(variables)}`);
}
console.log(JSON.stringify({ engine: values.engine, seed: Number(values.seed), ...counts }));
process.exitCode = counts.wrong + counts.crashed > 0 ? 1 : 0;

/** Resolves when all is asked, or with the operation that the thread did not come back from. */
function runWorker(task: NightlyTask): Promise<{ readonly asked: Asked; readonly why: string } | undefined> {
  const worker = new Worker(new URL('./nightly-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  });
  let asked: Asked | undefined;
  let why = 'it never ends';
  let timer: NodeJS.Timeout | undefined;
  const wait = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void worker.terminate(), ms);
  };
  let busy: { readonly asked: Asked; readonly sinceMs: number } | undefined;
  const look = async (): Promise<void> => {
    const { user, system } = await worker.cpuUsage();
    const nowMs = (user + system) / 1_000;
    if (asked === undefined || shrinking) busy = undefined;
    else if (busy?.asked !== asked) busy = { asked, sinceMs: nowMs };
    else if (nowMs - busy.sinceMs > LONGEST_OPERATION_MS) {
      why = 'it takes too long';
      await worker.terminate();
    }
  };
  const looks = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  let shrinking = false;
  worker.on('message', (message: NightlyMessage) => {
    shrinking = 'shrinking' in message;
    wait(LONGEST_SILENCE_MS + ('shrinking' in message ? 3 * shrinkMs : 0));
    if ('asked' in message) asked = message.asked;
    if ('failure' in message) {
      left--;
      console.log(message.failure);
    }
    if (!('verdict' in message)) return;
    counts.operations++;
    counts[message.verdict]++;
    if (counts.operations >= told + TELL_EVERY) {
      told = counts.operations;
      console.error(JSON.stringify(counts));
    }
  });
  return new Promise((resolve, reject) => {
    worker.on('error', (error) => {
      why = error.message;
    });
    worker.on('exit', (code) => {
      clearTimeout(timer);
      clearInterval(looks);
      if (code === 0) resolve(undefined);
      else if (asked === undefined) reject(new Error(why));
      else resolve({ asked, why });
    });
  });
}
