#!/usr/bin/env node
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Not imported by name: an older Node lacks the name, and should be told what follows.
const { enableCompileCache, registerHooks } = module;

// Sources run as they are: Node takes the types out, and this asks each @weft package for its sources.
if (registerHooks === undefined) {
  process.stderr.write(`weft needs Node 22.19 or newer; this is ${process.version}.\n`);
  process.exit(2);
}
// A third of a check's CPU was compiling. In the clone, since whoever can write there can write the sources too.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/weft', import.meta.url)));
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: ['weft-source', ...context.conditions] }),
});
const { main } = await import('../src/main.ts');
process.exitCode = await main(process.argv.slice(2));
