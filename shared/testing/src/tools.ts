import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '@weft/config';

const told = new Set<string>();

/**
 * The path of a program that tests need and npm does not bring. When it is missing: undefined, said aloud once, so that the tests can be
 * skipped; with WEFT_REQUIRE_TOOLS=1 it throws, so that CI cannot be green without them.
 */
export function findTool(name: string, debianPackage: string): string | undefined {
  const { PATH = '', WEFT_REQUIRE_TOOLS } = environment();
  const found = PATH.split(':')
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
  if (found !== undefined) return found;
  const text = `${name} is not installed (apt-get install ${debianPackage})`;
  if (WEFT_REQUIRE_TOOLS === '1') throw new Error(`${text}, and WEFT_REQUIRE_TOOLS=1 wants it.`);
  if (!told.has(name)) process.stderr.write(`\n*** SKIPPED: ${text}. Tests that need it do not run. ***\n\n`);
  told.add(name);
  return undefined;
}

/** `const redisTest = hasRedis() ? test : test.skip` */
export function hasRedis(): boolean {
  return findTool('redis-server', 'redis-server') !== undefined;
}

export function hasChromium(): boolean {
  return findTool('chromium', 'chromium') !== undefined;
}
