/** A GraphQL request as it was read from HTTP: shapes are right, nothing is known about the document. */
export interface GraphqlRequest {
  readonly method: 'GET' | 'POST';
  /** Undefined when only the hash of a persisted document was sent. */
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
}

/** The answer to one, ready to be written. */
export interface GraphqlAnswer {
  /** What the strict media type asks for: 200 with data, else by the table of codes. */
  readonly status: number;
  /** The document or its variables were at fault; such answers have status 200 under plain application/json. */
  readonly documentError: boolean;
  /** JSON, as UTF-16 in memory, written as UTF-8. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when no operation was found. */
  readonly operation: { readonly name: string | undefined; readonly type: string } | undefined;
  /** Data is there and no error. */
  readonly complete: boolean;
}
