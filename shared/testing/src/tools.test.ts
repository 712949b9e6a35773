import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

/** hasRedis() twice in a process of its own, with nothing on its PATH. */
function ask(variables: Record<string, string>): { status: number | null; output: string; errors: string } {
  const tools = new URL('tools.ts', import.meta.url).href;
  const script = `const { hasRedis } = await import(${JSON.stringify(tools)}); console.log(hasRedis(), hasRedis());`;
  const result = spawnSync(process.execPath, ['--conditions=weft-source', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { PATH: '/no/such/directory', ...variables },
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout.trim(), errors: result.stderr };
}

test('a missing tool is told aloud, once, and with what to do', () => {
  const { status, output, errors } = ask({});
  expect([status, output]).toEqual([0, 'false false']);
  expect(errors.match(/SKIPPED: redis-server is not installed \(apt-get install redis-server\)/g)).toHaveLength(1);
});

test('where tools are required a missing one is a failure', () => {
  const { status, errors } = ask({ WEFT_REQUIRE_TOOLS: '1' });
  expect(status).not.toBe(0);
  expect(errors).toContain(
    'redis-server is not installed (apt-get install redis-server), and WEFT_REQUIRE_TOOLS=1 wants it.',
  );
});
