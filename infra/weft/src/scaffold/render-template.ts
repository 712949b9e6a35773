import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('../../templates/subgraph', import.meta.url));
const SUFFIX = '.tpl';

/** The files of a new subgraph, path to text. `{{name}}` in a template or in the name of its file is replaced. */
export function renderTemplate(values: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const files = readdirSync(TEMPLATE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(SUFFIX));
  return new Map(
    files.sort().map((file) => {
      const text = readFileSync(join(TEMPLATE, file), 'utf8');
      return [fill(file.slice(0, -SUFFIX.length), values), fill(text, values)];
    }),
  );
}

/** A placeholder that nothing is known of is a bug of the template. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has a placeholder {{${name}}} without a value`);
    return value;
  });
}
