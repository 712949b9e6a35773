import {
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

interface Options {
  readonly count: number;
  readonly seed: number;
  /** Root fields to leave out. */
  readonly skipped: ReadonlySet<string>;
}

/** Valid queries without arguments over a schema: nested, with fragments, aliases and conditions. The same for one seed. */
export function* randomOperations(schema: GraphQLSchema, options: Options) {
  const random = mulberry32(options.seed);
  for (let index = 0; index < options.count; index++) {
    const writer = new OperationWriter(schema, random, options.skipped);
    yield { query: writer.operation(), variables: { yes: random() < 0.5 } };
  }
}

class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #random: () => number;
  readonly #skipped: ReadonlySet<string>;
  readonly #fragments: string[] = [];
  #alias = 0;

  constructor(schema: GraphQLSchema, random: () => number, skipped: ReadonlySet<string>) {
    this.#schema = schema;
    this.#random = random;
    this.#skipped = skipped;
  }

  operation(): string {
    const root = this.#schema.getQueryType();
    if (root == null) throw new Error('no query type');
    const selections = this.#selections(root, 3);
    return [`query($yes: Boolean!) { ok: __typename @include(if: $yes) ${selections} }`, ...this.#fragments].join(' ');
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const parts: string[] = [];
    if (isObjectType(type) || isInterfaceType(type)) {
      const fields = Object.values(type.getFields()).filter(({ name }) => !this.#skipped.has(name));
      for (let n = 1 + this.#upTo(2); n > 0; n--) {
        const field = fields[this.#upTo(fields.length - 1)];
        if (field === undefined) continue;
        const below = getNamedType(field.type);
        if (isCompositeType(below) && depth === 0) continue;
        const selection = isCompositeType(below) ? ` { ${this.#selections(below, depth - 1)} }` : '';
        parts.push(`f${this.#alias++}: ${field.name}${this.#condition()}${selection}`);
      }
    }
    if (depth > 0 && this.#random() < 0.4) parts.push(this.#fragment(type, depth - 1));
    return parts.length > 0 ? parts.join(' ') : '__typename';
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const targets = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const target = targets[this.#upTo(targets.length - 1)] ?? type;
    if (this.#random() < 0.5) return `... on ${target.name}${this.#condition()} { ${this.#selections(target, depth)} }`;
    const body = this.#selections(target, depth);
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${target.name} { ${body} }`);
    return `...${name}${this.#condition()}`;
  }

  #condition(): string {
    const draw = this.#random();
    if (draw < 0.1) return ' @include(if: $yes)';
    if (draw < 0.2) return ' @skip(if: $yes)';
    return '';
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }
}

/** A small generator with a seed, so that a failure can be run again. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
