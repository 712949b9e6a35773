import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CONSOLE_CSP } from '@weft/console';
import { hasChromium, launchBrowser } from '@weft/testing';
import { inClone } from '../src/data/clone.ts';
import { type LocalGraph, startLocal } from '../src/index.ts';

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchBrowser>>['newPage']>>;

const browserTest = hasChromium() ? test : test.skip;

let parent: string;
let graph: LocalGraph;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'weft-test-console-'));
  await chmod(parent, 0o711);
  graph = await startLocal({ directory: join(parent, 'data'), scale: 0.02, console: true });
});

afterAll(async () => {
  await graph?.stop();
  if (parent) await rm(parent, { recursive: true, force: true });
});

/** Colours come with the rules of the language, which also close the braces of what is typed: before, typing means another text. */
async function editorReady(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line span[class*="mtk"]:not(.mtk1)').first().waitFor();
}

/** A new browser on the console, and everything that went wrong in it. */
async function openConsole() {
  const browser = await launchBrowser();
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text()); // a violation of the policy is one of these
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (hostname !== '127.0.0.1' && protocol !== 'data:') troubles.push(`left the machine: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()} ${response.url()}`);
  });
  const served = await page.goto(graph.url);
  expect(served?.headers()['content-security-policy']).toBe(CONSOLE_CSP);
  await editorReady(page);
  return { browser, page, troubles };
}

browserTest(
  'the storefront runs from its tab over all five subgraphs, as ada, without leaving the machine',
  async () => {
    const { browser, page, troubles } = await openConsole();
    try {
      expect(await page.title()).toBe('Weft');
      await page.getByRole('tab', { name: 'Storefront' }).waitFor();
      await page.locator('.graphiql-query-editor .monaco-editor').first().click();
      await page.keyboard.press('Control+Enter');
      await page
        .locator('.result-window .view-lines')
        .filter({ hasText: /"searchProducts"/ })
        .waitFor();
      await page.getByText(/HTTP 200/).waitFor();
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);

browserTest('a query that is typed in is answered', async () => {
  const { browser, page, troubles } = await openConsole();
  try {
    await page.locator('.graphiql-query-editor .monaco-editor').first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ me { name username } ');
    await page.keyboard.press('Escape'); // the suggestions would take the Enter
    await page.keyboard.press('Control+Enter');
    await page
      .locator('.result-window .view-lines')
      .filter({ hasText: /Ada\sLovelace/ })
      .waitFor();
    expect(troubles).toEqual([]);
  } finally {
    await browser.close();
  }
});

browserTest('every tab runs as it stands, and the headers can be read', async () => {
  const { browser, page, troubles } = await openConsole();
  try {
    const samples = await readdir(inClone('schema/operations'));
    const tabs = page.getByRole('tab');
    const names = (await tabs.allInnerTexts()).map((text) => text.trim());
    expect(names).toHaveLength(samples.length);
    for (const [nth, name] of names.entries()) {
      await tabs.nth(nth).click();
      await page
        .locator('.graphiql-query-editor .view-lines')
        .filter({ hasText: new RegExp(`(query|mutation)\\s${name}\\b`) })
        .waitFor();
      await page.locator('.graphiql-query-editor .monaco-editor').first().click();
      const [response] = await Promise.all([
        page.waitForResponse((answer) => answer.request().method() === 'POST'),
        page.keyboard.press('Control+Enter'),
      ]);
      const { data, errors } = (await response.json()) as { data?: Record<string, unknown> | null; errors?: unknown };
      expect([name, errors, Object.values(data ?? {})]).toEqual([name, undefined, expect.not.arrayContaining([null])]);
      await page
        .locator('.result-window .view-lines')
        .filter({ hasText: /"data"/ })
        .waitFor();
    }
    // The pane of the variables has one line, and it is empty.
    const lines = await page.locator('.graphiql-editor-tool .view-line').allTextContents();
    expect(lines.filter((line) => line !== '')).toEqual([
      '{',
      expect.stringMatching(/^\s+"authorization":\s"Bearer\s/),
      '}',
    ]);
    expect(troubles).toEqual([]);
  } finally {
    await browser.close();
  }
});
