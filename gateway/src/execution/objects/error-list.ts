import { GraphError } from '@weft/errors';
import { GraphQLError } from 'graphql';
import { toClientName } from '../plan/response-names.ts';

export type Path = readonly (string | number)[];

/** Equal errors of one operation beyond this are folded: the last one says in `folded` how many more places failed alike. */
const MOST_ALIKE = 100;

interface Alike {
  readonly told: { readonly error: GraphError; readonly path: Path }[];
  folded: number;
}

/** The errors of one operation, in the order in which their places first failed. */
export class ErrorList {
  readonly #alike = new Map<string, Alike>();

  /** `path`: response names of the steps and indexes. Errors are alike when code and place, but for indexes, are. */
  add(error: GraphError, path: Path): void {
    const place = path.map((key) => (typeof key === 'number' ? '@' : key)).join('.');
    const likeness = `${error.code} ${place}`;
    const alike = this.#alike.get(likeness);
    if (alike === undefined) this.#alike.set(likeness, { told: [{ error, path }], folded: 0 });
    else if (alike.told.length < MOST_ALIKE) alike.told.push({ error, path });
    else alike.folded += 1;
  }

  /** Paths of all that are told. */
  paths(): Path[] {
    return [...this.#alike.values()].flatMap(({ told }) => told.map(({ path }) => path));
  }

  /** Forgets those whose path is not kept; what was folded goes with the last of its kind. */
  keepOnly(isKept: (path: Path) => boolean): void {
    for (const [likeness, alike] of this.#alike) {
      const told = alike.told.filter(({ path }) => isKept(path));
      if (told.length === 0) this.#alike.delete(likeness);
      else this.#alike.set(likeness, { told, folded: alike.folded });
    }
  }

  get isEmpty(): boolean {
    return this.#alike.size === 0;
  }

  /** Under the client's paths. */
  toGraphQLErrors(): GraphQLError[] {
    return [...this.#alike.values()].flatMap(({ told, folded }) =>
      told.map(({ error, path }, index) => {
        const last = folded > 0 && index === told.length - 1;
        return toGraphQLError(last ? withFolded(error, folded) : error, path);
      }),
    );
  }
}

function toGraphQLError(error: GraphError, path: Path): GraphQLError {
  return new GraphQLError(error.message, {
    path: path.map((key) => (typeof key === 'string' ? toClientName(key) : key)),
    originalError: error,
    extensions: error.extensions,
  });
}

function withFolded({ code, message, extensions, log, cause }: GraphError, folded: number): GraphError {
  return new GraphError(code, message, { extensions: { ...extensions, folded }, log, cause });
}
