/** GraphiQL's own places in the browser's storage. */
const TABS = 'graphiql:tabState';
const HISTORY = ['graphiql:queries', 'graphiql:favorites'];

/** A tab as GraphiQL keeps it. */
interface StoredTab {
  readonly query: string | null;
  readonly variables: string | null;
}

interface EditorTexts {
  readonly query: string;
  readonly variables: string;
}

/** The browser's storage without tokens: the history is written without headers, and read with today's. */
export function createConsoleStorage(headers: string | undefined): Storage {
  return new Proxy(localStorage, {
    get(storage, name) {
      if (name === 'setItem')
        return (key: string, text: string) =>
          storage.setItem(key, HISTORY.includes(key) ? withHeaders(text, null) : text);
      if (name === 'getItem')
        return (key: string) => {
          const text = storage.getItem(key);
          return text !== null && HISTORY.includes(key) ? withHeaders(text, headers ?? null) : text;
        };
      const value = Reflect.get(storage, name);
      return typeof value === 'function' ? value.bind(storage) : value;
    },
  });
}

/**
 * What the editors show first: the tab that was open in this browser, else the first sample. GraphiQL would forget the
 * variables of either until they are edited.
 */
export function firstTexts(samples: readonly { query: string; variables?: string }[]): EditorTexts | undefined {
  const stored = localStorage.getItem(TABS);
  if (stored === null) return samples[0] && { query: samples[0].query, variables: samples[0].variables ?? '' };
  try {
    const { tabs, activeTabIndex } = JSON.parse(stored) as { tabs: StoredTab[]; activeTabIndex: number };
    const open = tabs[activeTabIndex];
    return open && { query: open.query ?? '', variables: open.variables ?? '' };
  } catch {
    return undefined; // GraphiQL starts anew when it cannot read its tabs
  }
}

function withHeaders(text: string, headers: string | null): string {
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === 'headers' ? headers : value));
}
