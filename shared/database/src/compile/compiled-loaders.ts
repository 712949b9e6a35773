import type { ListLoader, RowLoader, Scatter, TopLoader } from '../loaders.ts';
import { type Compiled, compileList, compileRow } from './compile-keyed.ts';
import { type CompiledScatter, compileScatter } from './compile-scatter.ts';
import { type CompiledTop, compileTop } from './compile-top.ts';

/** Each declaration is compiled once in a process, when it is first looked at. */
function once<Loader extends object, Result>(compile: (loader: Loader) => Result): (loader: Loader) => Result {
  const known = new WeakMap<Loader, Result>();
  return (loader) => {
    let compiled = known.get(loader);
    if (compiled === undefined) {
      compiled = compile(loader);
      known.set(loader, compiled);
    }
    return compiled;
  };
}

export const compiledRow: (loader: RowLoader<unknown, unknown>) => Compiled = once(compileRow);
export const compiledList: (loader: ListLoader<unknown, unknown>) => Compiled = once(compileList);
export const compiledTop: (loader: TopLoader<unknown, unknown>) => CompiledTop = once(compileTop);
export const compiledScatter: (scatter: Scatter<unknown, unknown, unknown>) => CompiledScatter = once(compileScatter);
