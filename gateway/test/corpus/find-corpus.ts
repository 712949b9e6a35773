import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '@weft/config';

/** The inputs and their runner. */
export interface Corpus {
  readonly inputs: string;
  readonly runner: string;
  /** Two subgraphs with every field that the inputs name, and what composes them. */
  readonly fixture: string;
}

/** Beside the checkout, or where WEFT_CORPUS says. Its inputs are the weaknesses of others, so none of them is kept here. */
const BESIDE = fileURLToPath(new URL('../../../../shared/adversarial/', import.meta.url));

/** Undefined when it is not there, said aloud; with WEFT_REQUIRE_TOOLS=1 it throws, so that CI cannot be green without it. */
export function findCorpus(): Corpus | undefined {
  const { WEFT_CORPUS = BESIDE, WEFT_REQUIRE_TOOLS } = environment();
  const corpus = {
    inputs: join(WEFT_CORPUS, 'corpus.json'),
    runner: join(WEFT_CORPUS, 'run.mjs'),
    fixture: join(WEFT_CORPUS, 'fixture'),
  };
  if (Object.values(corpus).every((path) => existsSync(path))) return corpus;
  const text = `the corpus of bad inputs is not at ${WEFT_CORPUS} (WEFT_CORPUS)`;
  if (WEFT_REQUIRE_TOOLS === '1') throw new Error(`${text}, and WEFT_REQUIRE_TOOLS=1 wants it.`);
  process.stderr.write(`\n*** SKIPPED: ${text}. Tests that need it do not run. ***\n\n`);
  return undefined;
}
