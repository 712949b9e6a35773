import { createRequestSigner, createUserTokens, type Identity, INTERNAL_HEADERS } from '@weft/service';

export interface SubgraphCallerOptions {
  /** Its name; the signature is for it alone. */
  readonly subgraph: string;
  /** `http://127.0.0.1:4102/graphql` */
  readonly url: string;
  /** Shared with the subgraph; the first one signs. */
  readonly secrets: readonly string[];
}

export interface SubgraphCall {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly user?: Identity;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SubgraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly SubgraphError[];
}

export interface SubgraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Calls a subgraph as a gateway does, signed: for tests, benches and tools. The gateway has a client of its own. */
export type SubgraphCaller = (call: SubgraphCall) => Promise<SubgraphAnswer>;

export function createSubgraphCaller({ subgraph, url, secrets }: SubgraphCallerOptions): SubgraphCaller {
  const signer = createRequestSigner(secrets);
  const tokens = createUserTokens(secrets);
  const path = new URL(url).pathname;
  return async ({ query, variables, operationName, user, headers }) => {
    const body = JSON.stringify({ query, variables, operationName });
    const token = user && (await tokens.sign(user));
    const signature = signer.sign({ audience: subgraph, method: 'POST', path, body, user: token });
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...headers,
        [INTERNAL_HEADERS.signature]: signature,
        ...(token !== undefined && { [INTERNAL_HEADERS.user]: token }),
      },
    });
    const answer = (await response.json()) as Partial<Pick<SubgraphAnswer, 'data' | 'errors'>>;
    return { status: response.status, headers: response.headers, data: answer.data, errors: answer.errors ?? [] };
  };
}
