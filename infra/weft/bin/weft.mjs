#!/usr/bin/env node
import { registerHooks } from 'node:module';

// Sources run as they are: Node takes the types out, and this asks each @weft package for its sources.
if (registerHooks === undefined) {
  process.stderr.write(`weft needs Node 22.19 or newer; this is ${process.version}.\n`);
  process.exit(2);
}
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: ['weft-source', ...context.conditions] }),
});
const { main } = await import('../src/main.ts');
process.exitCode = await main(process.argv.slice(2));
