import { GraphError } from '@weft/errors';
import type { FieldNode } from 'graphql';
import { entityNotFound } from '../subgraph-response.ts';
import { ABSENT, type Data, DISAGREED, FAILED, isData } from './data.ts';
import type { ErrorList } from './error-list.ts';
import type { FieldShape, ObjectShape, ValueShape } from './shapes.ts';

/** In place of a value: null, and the error for it has been told. */
const TOLD = Symbol('told');
/** In place of a value that may not be null and is: its parent becomes null. */
const BUBBLE = Symbol('bubble');

export interface Completion {
  readonly errors: ErrorList;
  /** Answers `__schema` and `__type`. */
  introspect(nodes: readonly FieldNode[], key: string): unknown;
}

/**
 * Writes the client's answer from the merged data: CompleteValue of the specification, with every leaf checked. A null that
 * nobody has told an error for gets one where none may be, and so does a field that its subgraph left out.
 */
export function complete(root: Data, shape: ObjectShape, completion: Completion): Data | null {
  const data = new Completer(completion).object(root, shape, shape.type);
  return data === TOLD ? null : (data as Data);
}

class Completer {
  readonly #completion: Completion;
  readonly #path: (string | number)[] = [];

  constructor(completion: Completion) {
    this.#completion = completion;
  }

  object(source: Data, shape: ObjectShape, typename: string): unknown {
    const fields = shape.fields(typename);
    if (fields === undefined) return this.#tell(`Invalid __typename found for object of type ${shape.type}.`);
    const data: Data = {};
    for (const field of fields) {
      this.#path.push(field.from);
      const value = this.#field(source, field, typename);
      this.#path.pop();
      if (value === BUBBLE) return TOLD;
      // a key like any other only when it is defined so
      if (field.key === '__proto__') define(data, field.key, value);
      else data[field.key] = value;
    }
    return data;
  }

  #field(source: Data, { value, key, from, nodes, coordinate }: FieldShape, typename: string): unknown {
    if (value.kind === 'typename') return typename;
    if (value.kind === 'introspection') return this.#completion.introspect(nodes, key);
    return this.#value(source[from], value, coordinate);
  }

  /** Gives BUBBLE or what is written. `coordinate`: of the field, also for the items of its list. */
  #value(value: unknown, shape: Exclude<ValueShape, Unfetched>, coordinate: string): unknown {
    const completed = this.#nullable(value, shape, coordinate);
    if (completed === TOLD) return shape.nonNull ? BUBBLE : null;
    if (completed !== null || !shape.nonNull) return completed;
    if (value === ABSENT) this.#completion.errors.add(entityNotFound(), [...this.#path]);
    else this.#tell(`Cannot return null for non-nullable ${this.#here(shape.name, coordinate)}.`);
    return BUBBLE;
  }

  #nullable(value: unknown, shape: Exclude<ValueShape, Unfetched>, coordinate: string): unknown {
    if (value === null || value === ABSENT) return null;
    if (value === FAILED) return TOLD;
    if (value === undefined) return this.#tell(`A subgraph left out ${this.#here(shape.name, coordinate)}.`);
    if (value === DISAGREED) return this.#tell(`Subgraphs disagree about ${this.#here(shape.name, coordinate)}.`);
    if (shape.kind === 'leaf') return shape.toValue(value) ?? this.#invalid(shape.name, coordinate);
    if (shape.kind === 'list') {
      return Array.isArray(value) ? this.#list(value, shape.item, coordinate) : this.#invalid(shape.name, coordinate);
    }
    if (!isData(value)) return this.#invalid(shape.name, coordinate);
    const typename = typenameOf(value, shape.shape);
    if (typename === undefined) {
      return this.#tell(`Invalid __typename found for object at ${this.#here(shape.name, coordinate)}.`);
    }
    return this.object(value, shape.shape, typename);
  }

  #list(values: readonly unknown[], item: ValueShape, coordinate: string): unknown {
    const list: unknown[] = [];
    for (let index = 0; index < values.length; index += 1) {
      this.#path.push(index);
      const value = this.#value(values[index], item as Exclude<ValueShape, Unfetched>, coordinate);
      this.#path.pop();
      if (value === BUBBLE) return TOLD;
      list.push(value);
    }
    return list;
  }

  #invalid(type: string, coordinate: string): typeof TOLD {
    return this.#tell(`Invalid value found for ${this.#here(type, coordinate)}.`);
  }

  #here(type: string, coordinate: string): string {
    const last = this.#path.at(-1);
    return typeof last === 'number' ? `array element of type ${type} at index ${last}` : `field ${coordinate}`;
  }

  #tell(message: string): typeof TOLD {
    this.#completion.errors.add(
      new GraphError('SUBREQUEST_MALFORMED_RESPONSE', message, { log: { reason: message } }),
      [...this.#path],
    );
    return TOLD;
  }
}

type Unfetched = { readonly kind: 'typename' } | { readonly kind: 'introspection' };

/**
 * The declared type when it is an object type. Else what the subgraphs said: a type that clients can see here, or the
 * abstract type itself, whose fields can be written as long as no name is asked for (`@interfaceObject`).
 */
export function typenameOf({ __typename: typename }: Data, shape: ObjectShape): string | undefined {
  if (shape.concrete) return typename === undefined || typename === shape.type ? shape.type : undefined;
  if (typeof typename !== 'string') return typename === undefined ? shape.type : undefined;
  return typename === shape.type || shape.has(typename) ? typename : undefined;
}

function define(data: Data, key: string, value: unknown): void {
  Object.defineProperty(data, key, { value, enumerable: true, writable: true, configurable: true });
}
