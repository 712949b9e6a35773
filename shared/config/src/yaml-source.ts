import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import type { Problem } from './problem.ts';

/** The text of a YAML file as plain values, and where each key of it stands. */
export interface YamlSource {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** "gateway.yaml:4:12" of the value at a path, or of the nearest thing above it that is in the file. */
  placeOf(path: readonly PropertyKey[]): string;
  /** The place of a key itself, not of its value. */
  placeOfKey(path: readonly PropertyKey[], key: string): string;
}

export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  // prettyErrors would quote the line, and a line can hold a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const place = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const nodeAt = (path: readonly PropertyKey[]): Node | undefined => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node)) return node;
    }
    return document.contents ?? undefined;
  };
  const problems = [...document.errors, ...document.warnings].map((error) => toProblem(error, place));
  return {
    value: problems.length > 0 ? undefined : toValue(() => document.toJS({ maxAliasCount: 100 }), problems, file),
    problems,
    placeOf: (path) => place(nodeAt(path)?.range?.[0]),
    placeOfKey: (path, key) => {
      const parent = path.length === 0 ? document.contents : document.getIn(path, true);
      const pair = isMap(parent)
        ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
        : undefined;
      return place(isNode(pair?.key) ? pair.key.range?.[0] : undefined);
    },
  };
}

function toValue(read: () => unknown, problems: Problem[], file: string): unknown {
  try {
    return read() ?? {};
  } catch {
    // The only thing that a document without errors cannot do: more aliases than it may have.
    problems.push({ place: `${file}:1:1`, text: 'too many aliases' });
    return undefined;
  }
}

/** The parser's words without the quoted source, which can hold a secret. */
function toProblem(error: YAMLError, place: (offset: number) => string): Problem {
  const words = error.message
    .replace(/["']quote/, 'quote')
    .replace(/(:? ["'`]|: ).*$/s, '')
    .replace(/\.$/, '');
  return { place: place(error.pos[0]), text: `not YAML: ${words.charAt(0).toLowerCase()}${words.slice(1)}` };
}
