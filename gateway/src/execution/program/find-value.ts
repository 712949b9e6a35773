import type { Link, Provider } from './layout.ts';
import { MISSING } from './tape.ts';

/** Code that finds a value among its providers, in a function that has `tape`, `bytes` and `record`. */
export interface FoundValue {
  /** Statement that declares the value as a constant or variable of the given name. */
  readonly declare: string;
  /** Of a leaf, when its start is not negative. */
  readonly end: string;
}

export interface Finding {
  readonly isLeaf: boolean;
  /** Statement for when providers have values with different texts, where merging them takes more than choosing one. */
  readonly onDifference?: string;
}

/**
 * Several providers: a value wins over null and a later value over an earlier one, as `mergeData` has it. Where there is no
 * record the value is the word that the link has in its place.
 */
export function findValue(providers: readonly Provider[], name: string, finding: Finding): FoundValue {
  const [first] = providers;
  if (first === undefined) return { declare: `const ${name} = ${MISSING};`, end: '0' };
  if (providers.length > 1) return findAmong(providers, name, finding);
  const { link, field } = first;
  if (link === null) {
    return { declare: `const ${name} = tape[record + ${field.offset}];`, end: `tape[record + ${field.offset + 1}]` };
  }
  const holder = `${name}In`;
  return {
    declare: `const ${holder} = ${recordOf(link)}, ${name} = ${holder} < 0 ? ${holder} : tape[${holder} + ${field.offset}];`,
    end: `tape[${holder} + ${field.offset + 1}]`,
  };
}

/** Code for the record that a provider's value is in; negative when there is none. */
export function recordOf(link: Link | null): string {
  return link === null ? 'record' : `tape[record + ${link.offset}]`;
}

function findAmong(providers: readonly Provider[], name: string, { isLeaf, onDifference = '' }: Finding): FoundValue {
  const [holder, found, end] = [`${name}In`, `${name}Found`, `${name}End`];
  const wins = isLeaf ? `${name} < 0 || bytes[${found}] !== 110` : 'true';
  const tries = providers.map(({ link, field }) => {
    const foundEnd = `tape[${holder} + ${field.offset + 1}]`;
    const differs = `${name} >= 0 && ${found} >= 0 && isOtherValue(bytes, ${name}, ${end}, ${found}, ${foundEnd})`;
    return (
      `${holder} = ${recordOf(link)}; ${found} = ${holder} < 0 ? ${holder} : tape[${holder} + ${field.offset}]; ` +
      (onDifference === '' ? '' : `if (${differs}) ${onDifference} `) +
      `if (${found} < 0 ? ${name} === ${MISSING} : ${wins}) { ${name} = ${found};${isLeaf ? ` ${end} = ${foundEnd};` : ''} }`
    );
  });
  return {
    declare: `let ${name} = ${MISSING}, ${end} = 0, ${holder} = 0, ${found} = 0; ${tries.join(' ')}`,
    end,
  };
}
