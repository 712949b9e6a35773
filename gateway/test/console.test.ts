import { mkdir, writeFile } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CONSOLE_CSP } from '../src/index.ts';
import { closeShops, openShop, type Shop } from './shop.ts';

let shop: Shop;
let origin: string;
beforeAll(async () => {
  const { directory } = await openShop();
  await mkdir(join(directory, 'console', 'assets'), { recursive: true });
  await writeFile(join(directory, 'console', 'index.html'), '<!doctype html><title>Weft</title>');
  await writeFile(join(directory, 'console', 'config.json'), '{}');
  await writeFile(join(directory, 'console', 'assets', 'index-1.js'), 'export {};');
  await writeFile(join(directory, 'secret.json'), '{}');
  shop = await openShop({ console: { directory: join(directory, 'console') } });
  origin = new URL(shop.url).origin;
});
afterAll(closeShops);

const PAGE = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

test('a browser that asks for a page gets the console, under a policy that lets nothing else in', async () => {
  const page = await fetch(shop.url, { headers: PAGE });
  expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
    200,
    'text/html; charset=utf-8',
    '<!doctype html><title>Weft</title>',
  ]);
  expect(page.headers.get('content-security-policy')).toBe(CONSOLE_CSP);
  expect(page.headers.get('cache-control')).toBe('no-store');
  const head = await fetch(shop.url, { method: 'HEAD', headers: PAGE });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('the files of the console are served, and no file beside it', async () => {
  const get = async (path: string) => {
    const response = await fetch(`${origin}${path}`);
    return [response.status, response.headers.get('content-type'), response.headers.get('cache-control')];
  };
  expect(await get('/console/assets/index-1.js')).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
  expect(await get('/console/config.json')).toEqual([200, 'application/json; charset=utf-8', 'no-store']);
  const getRaw = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      httpGet({ host: '127.0.0.1', port: new URL(origin).port, path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  // as no browser would send it: with the dots still in it
  expect(await getRaw('/console/config.json')).toBe(200);
  expect(await getRaw('/console/../secret.json')).toBe(404);
  expect(await getRaw('/console/assets/../../secret.json')).toBe(404);
  for (const path of [
    '/console/none.js',
    '/console/..%2fsecret.json',
    '/console/%2e%2e/secret.json',
    '/console//../secret.json',
    '/console/',
  ]) {
    expect([path, (await get(path))[0]]).toEqual([path, 404]);
  }
});

test('a program still gets JSON at the same address, and in production nobody gets the page', async () => {
  const asked = await fetch(`${shop.url}?query={__typename}`, { headers: PAGE });
  expect(asked.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const closed = await openShop({ mode: 'production', console: { directory: join(shop.directory, 'console') } });
  expect((await fetch(closed.url, { headers: PAGE })).headers.get('content-type')).toMatch(/^application\/json/);
  expect((await fetch(`${new URL(closed.url).origin}/console/config.json`)).status).toBe(404);
});
