/** A line of COPY text, without its line break, and the bucket that decides its shard. */
export interface SeedRow {
  readonly bucket: number;
  readonly line: string;
}

/** One table of the seed. Rows are made while they are sent; none is kept. */
export interface SeedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** About how many rows there will be, for the progress. */
  readonly expected: number;
  /** A reference table: every shard has all of its rows, and their bucket says nothing. */
  readonly everywhere?: true;
  rows(): Iterable<SeedRow>;
}

/** Fields are numbers, or texts that mean themselves in COPY; `\N` is null. */
export function row(bucket: number, ...fields: readonly (string | number)[]): SeedRow {
  return { bucket, line: fields.join('\t') };
}

export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
