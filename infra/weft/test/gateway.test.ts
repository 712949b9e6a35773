import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { environment } from '@weft/config';
import { waitFor } from '@weft/testing';
import { runWeft, smallGraph, WEFT } from './run-weft.ts';

const graph = smallGraph();
let gateway: ChildProcess | undefined;
/** Somebody else's subgraph: it knows nothing of our signatures and answers every operation alike. */
const theirs = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"hello":"from elsewhere"}}');
  });
});

afterAll(async () => {
  gateway?.kill('SIGKILL');
  theirs.closeAllConnections();
  await new Promise((resolve) => theirs.close(resolve));
  rmSync(graph.directory, { recursive: true });
});

test('weft gateway serves any supergraph, and ends with 0 on SIGTERM', async () => {
  await new Promise<void>((resolve) => theirs.listen(0, '127.0.0.1', resolve));
  const { port } = theirs.address() as AddressInfo;
  graph.sdl('type Query { hello: String }');
  await runWeft(graph.directory, 'compose', '--config', 'subgraphs.yaml', '--urls', `users=http://127.0.0.1:${port}/`);

  let said = '';
  const started = spawn(process.execPath, [WEFT, 'gateway', '--supergraph', 'supergraph.graphql', '--port', '0'], {
    cwd: graph.directory,
    env: { ...environment(), WEFT_LOG_LEVEL: 'error' },
  });
  gateway = started;
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let warned = '';
  started.stderr.setEncoding('utf8').on('data', (text: string) => {
    warned += text;
  });
  const ended = new Promise<number | null>((resolve) => started.on('exit', resolve));
  const find = () => /^The gateway serves at (http:\S+)\n$/.exec(said)?.[1];
  const url = (await waitFor(find, { timeoutMs: 60_000, what: 'the gateway to tell its address' })) ?? '';

  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ hello }' }),
  });
  expect([answer.status, await answer.json()]).toEqual([200, { data: { hello: 'from elsewhere' } }]);
  expect(warned).toMatch(/^Nothing is signed: .* WEFT_SECRETS\.\n$/);
  started.kill('SIGTERM');
  expect(await ended).toBe(0);
});
