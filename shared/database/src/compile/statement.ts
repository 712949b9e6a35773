import { createHash } from 'node:crypto';
import {
  type Compilable,
  type CompiledQuery,
  createQueryId,
  DummyDriver,
  Kysely,
  type OperationNode,
  type OperationNodeSource,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RootOperationNode,
} from 'kysely';

/** What a `statement` function returns: a select of Kysely, not yet run. */
export interface SelectStatement<Row> extends Compilable<Row>, OperationNodeSource {}

/** A value that is known only when the statement runs. While a statement is compiled it stands where the parameter will be. */
export class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A statement that was built once. Every run sends the name and new parameters; Postgres parsed and planned it before. */
export interface Prepared {
  /** Same SQL, same name, in every process. */
  readonly name: string;
  readonly sql: string;
  /** Parameters in their order; a {@link Placeholder} is filled when the statement runs. */
  readonly parameters: readonly unknown[];
}

/** DummyDriver answers every statement with no rows, which an owner would take for the truth. */
class NoDriver extends DummyDriver {
  override async acquireConnection(): Promise<never> {
    throw new Error('this Kysely only builds statements: return it to the session, or give it to tx.execute');
  }
}

/** A Kysely that builds statements and can run none: running is the shard's business. */
export function createBuilder<T>(): Kysely<T> {
  return new Kysely<T>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new NoDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

const builder = createBuilder<unknown>();

/** The SQL of a tree that was changed after Kysely built it. */
export function compileNode(node: OperationNode): CompiledQuery {
  return builder.getExecutor().compileQuery(node as RootOperationNode, createQueryId());
}

/** A tree as a part of an `sql` template. */
export function asExpression(node: OperationNode): OperationNodeSource {
  return { toOperationNode: () => node };
}

export function prepare(query: Pick<CompiledQuery, 'sql' | 'parameters'>): Prepared {
  return { name: statementName(query.sql), sql: query.sql, parameters: query.parameters };
}

export function fill(prepared: Prepared, values: Readonly<Record<string, unknown>>): unknown[] {
  return prepared.parameters.map((value) => (value instanceof Placeholder ? values[value.name] : value));
}

/** 24 characters; Postgres cuts names at 63 bytes, and a cut name would be another statement's. */
export function statementName(sql: string): string {
  return `weft_${createHash('sha256').update(sql).digest('base64url').slice(0, 19)}`;
}
