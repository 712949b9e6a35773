import type { OperationContext } from '../../operation-context.ts';
import type { ByteOutcome, CallBytes } from '../../subgraph-call.ts';
import { Arena, ArenaFull } from './arena.ts';
import { LEAVE } from './leave.ts';
import type { ByteStep, Program } from './program.ts';
import type { SentRequest } from './replay.ts';
import { NotJson } from './scan.ts';
import { Sent } from './sent-request.ts';
import { takeReply } from './take-reply.ts';
import { MISSING } from './tape.ts';
import { writeBody } from './write-body.ts';
import { writeByte, writeLiteral } from './write-output.ts';

export interface ByteRun {
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of a variable in a condition. */
  readonly isTrue: (variable: string) => boolean;
  readonly context: OperationContext;
  readonly call: CallBytes;
}

/** The client's answer, `{"data":...}`, without errors. */
export interface ByteAnswer {
  readonly kind: 'answer';
  readonly bytes: Buffer;
  /** Once, when nobody reads the bytes any more: others get their memory then. */
  release(): void;
}

/** Something was not as it should be: the operation is run over objects, with the requests that were sent (`replaying`). */
export interface LeftToObjects {
  readonly kind: 'left';
  readonly sent: readonly SentRequest[];
}

/** Runs an operation over bytes. Rejects only for a fault in this code. */
export function runProgram(program: Program, run: ByteRun): Promise<ByteAnswer | LeftToObjects> {
  return new Promise((resolve, reject) => new ProgramRun(program, run, { resolve, reject }).begin());
}

interface Ending {
  readonly resolve: (outcome: ByteAnswer | LeftToObjects) => void;
  readonly reject: (error: unknown) => void;
}

const DATA = Buffer.from('{"data":');
const CLOSE = 125;

class ProgramRun {
  readonly #program: Program;
  readonly #run: ByteRun;
  readonly #ending: Ending;
  readonly #arena: Arena;
  readonly #waitsFor: Uint16Array;
  readonly #sent: Sent[] = [];
  #open: number;
  #over = false;

  constructor(program: Program, run: ByteRun, ending: Ending) {
    const { steps, size } = program;
    this.#program = program;
    this.#run = run;
    this.#ending = ending;
    this.#arena = new Arena(size.expected);
    this.#open = steps.length;
    this.#waitsFor = program.waitsFor.slice();
  }

  begin(): void {
    const { steps, rootSize, conditions } = this.#program;
    const arena = this.#arena;
    arena.conditions = conditions.evaluate(this.#run.isTrue);
    arena.root = arena.allocate(rootSize);
    arena.tape.fill(MISSING, arena.root, arena.root + rootSize);
    if (steps.length === 0) this.#finish();
    for (let id = 0; id < steps.length; id += 1) {
      if (steps[id]?.program.step.after.length === 0) this.#start(id);
    }
  }

  #start(id: number): void {
    if (this.#over) return;
    const step = this.#program.steps[id] as ByteStep;
    const { when, subgraph, type } = step.program.step;
    const { isTrue, context, call, variables } = this.#run;
    if (!when.every(({ variable, is }) => isTrue(variable) === is)) return void this.#end(id);
    this.#carefully(() => {
      const body = writeBody(this.#arena, step, variables);
      if (body === undefined) return void this.#end(id);
      if (context.signal.aborted) throw LEAVE;
      const sent = new Sent(subgraph, body.bodyBytes, body.batches);
      this.#sent.push(sent);
      const { address, path } = step.program;
      const { bodyBytes } = body;
      call({ subgraph, type, address, path, context, bodyBytes }, (outcome) => this.#take(id, sent, outcome));
    });
  }

  #take(id: number, sent: Sent, outcome: ByteOutcome): void {
    if (this.#over) return void sent.settle(outcome);
    this.#carefully(() => {
      const reply = 'error' in outcome ? undefined : outcome.reply;
      if (reply !== undefined) sent.start = this.#arena.addText(reply.bytes, reply.start, reply.end);
      sent.settle(outcome);
      if (reply === undefined) throw LEAVE;
      takeReply(this.#arena, this.#program.steps[id] as ByteStep, { reply, start: sent.start, batches: sent.batches });
      this.#run.context.cacheHints.add(reply.cacheControl);
      this.#end(id);
    });
  }

  #end(id: number): void {
    this.#open -= 1;
    for (const after of (this.#program.steps[id] as ByteStep).next) {
      const left = (this.#waitsFor[after] as number) - 1;
      this.#waitsFor[after] = left;
      if (left === 0) this.#start(after);
    }
    if (this.#open === 0 && !this.#over) this.#finish();
  }

  #finish(): void {
    const arena = this.#arena;
    this.#carefully(() => {
      arena.outputLength = 0;
      writeLiteral(arena, DATA);
      if (!this.#program.write(arena, arena.root)) throw LEAVE;
      writeByte(arena, CLOSE);
      this.#over = true;
      this.#program.size.note(arena);
      arena.releaseInputs();
      const bytes = arena.output.subarray(0, arena.outputLength);
      this.#ending.resolve({ kind: 'answer', bytes, release: () => arena.release() });
    });
  }

  /** Whatever is wrong with an answer ends the run over bytes. */
  #carefully(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (this.#over) throw error;
      this.#over = true;
      if (error === LEAVE || error instanceof NotJson || error instanceof ArenaFull) {
        const sent = this.#sent.map((one) => one.toRequest(this.#arena));
        this.#ending.resolve({ kind: 'left', sent });
      } else {
        this.#ending.reject(error);
      }
      this.#arena.release();
    }
  }
}
