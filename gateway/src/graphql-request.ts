/** A GraphQL request as it was read from HTTP: shapes are right, nothing is known about the document. */
export interface GraphqlRequest {
  readonly method: 'GET' | 'POST';
  /** Undefined when only the hash of a persisted document was sent. */
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
}

/** An error of an answer, as it is counted. */
export interface AnsweredError {
  readonly code: string;
  /** Where it came from; undefined: the gateway itself. */
  readonly subgraph: string | undefined;
}

/** The answer to one, ready to be written. */
export interface GraphqlAnswer {
  /** What the strict media type asks for: 200 with data, else by the table of codes. */
  readonly status: number;
  /** The document or its variables were at fault; such answers have status 200 under plain application/json. */
  readonly documentError: boolean;
  /** JSON; a string is written as UTF-8. */
  readonly body: string | Buffer;
  /** At most once, when nobody reads `body` any more: its memory is used again. */
  readonly release?: () => void;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when no operation was found. */
  readonly operation: { readonly name: string | undefined; readonly type: string } | undefined;
  /** Those in the body, for counting; absent: none. */
  readonly errors?: readonly AnsweredError[] | undefined;
  /** Data is there and no error. */
  readonly complete: boolean;
}
