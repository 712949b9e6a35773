/** What the last operation cost, as the browser saw it. */
export interface Account {
  readonly status: number;
  readonly milliseconds: number;
  readonly bytes: number;
  readonly cacheControl: string | null;
}

interface Parameters {
  readonly query: string;
  readonly operationName?: string | null;
}

/** GraphiQL learns the name of an operation a moment after it was typed: who is quicker would run the one before. */
function withoutStaleName(asked: Parameters): Parameters {
  const { operationName, ...rest } = asked;
  return operationName && new RegExp(`\\b(query|mutation|subscription)\\s+${operationName}\\b`).test(asked.query)
    ? asked
    : rest;
}

/** Sends operations to the endpoint. GraphiQL's own introspection is not reported: nobody asked for its account. */
export function createFetcher(endpoint: string, report: (account: Account) => void) {
  return async (asked: Parameters, options?: { headers?: Record<string, string> }) => {
    const parameters = withoutStaleName(asked);
    const started = performance.now();
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        ...options?.headers,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      body: JSON.stringify(parameters),
    });
    const text = await answer.text();
    if (parameters.operationName !== 'IntrospectionQuery')
      report({
        status: answer.status,
        milliseconds: Math.round(performance.now() - started),
        bytes: text.length,
        cacheControl: answer.headers.get('cache-control'),
      });
    return parseAnswer(text, answer);
  };
}

/** Something in between may answer with a page; then its status says more than a syntax error would. */
function parseAnswer(text: string, answer: Response) {
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `The answer is not JSON: ${answer.status} ${answer.statusText}` }] };
  }
}
