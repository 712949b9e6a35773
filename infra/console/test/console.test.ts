import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hasChromium, launchBrowser } from '@weft/testing';
import { type BuiltConsole, ensureConsole, writeConsoleConfig } from '../src/index.ts';
import { serveConsole } from './graph-server.ts';

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchBrowser>>['newPage']>>;

const browserTest = hasChromium() ? test : test.skip;

let directory: string;
let built: BuiltConsole;
let server: Awaited<ReturnType<typeof serveConsole>>;

beforeAll(async () => {
  const { directory: site, csp } = await ensureConsole();
  directory = await mkdtemp(join(tmpdir(), 'weft-console-'));
  await cp(site, directory, { recursive: true });
  built = { directory, csp };
  server = await serveConsole(built);
  await writeConsoleConfig(directory, {
    endpoint: '/graphql',
    headers: '{ "authorization": "Bearer demo" }',
    tabs: [
      {
        query: 'query Hoe($sku: String!) {\n  product(sku: $sku) { name }\n  caller\n}\n',
        variables: '{ "sku": "A1" }',
      },
      { query: 'query Other { caller }' },
    ],
  });
});

afterAll(async () => {
  await server?.stop();
  if (directory) await rm(directory, { recursive: true, force: true });
});

/** Runs in the page. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  reportViolation(event.violatedDirective + ' ' + event.blockedURI))`;

/** Colours come with the rules of the language, which also close the braces of what is typed: before, typing means another text. */
async function editorReady(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line span[class*="mtk"]:not(.mtk1)').first().waitFor();
}

/** A new browser on the console, and everything that went wrong in it. */
async function openConsole() {
  const browser = await launchBrowser();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const troubles: string[] = [];
  const origin = new URL(server.url).origin;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('requestfailed', (request) => {
    // a reload gives up what is under way
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') troubles.push(`failed: ${request.url()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin && !request.url().startsWith('data:'))
      troubles.push(`left the machine: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()} ${response.url()}`);
  });
  // a violation of the policy is an event of the page, whatever the console shows of it
  await page.exposeFunction('reportViolation', (what: string) => troubles.push(`policy: ${what}`));
  await page.addInitScript({ content: REPORT_VIOLATIONS });
  await page.goto(server.url);
  await editorReady(page);
  return { browser, page, troubles };
}

/** The answer pane, once it holds this text. Monaco writes spaces as no-break spaces. */
async function answerWith(page: Page, text: RegExp): Promise<string> {
  const pane = page.locator('.result-window .view-lines').filter({ hasText: text });
  return ((await pane.textContent()) ?? '').replaceAll('\u00a0', ' ');
}

async function run(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .monaco-editor').first().click();
  await page.keyboard.press('Control+Enter');
}

browserTest('a query that is typed in runs with Ctrl+Enter, offline and within the policy', async () => {
  const { browser, page, troubles } = await openConsole();
  try {
    expect(await page.title()).toBe('Weft');
    await page.locator('.graphiql-query-editor .monaco-editor').first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ product(sku: "T-1") { sku name price } ');
    await page.keyboard.press('Escape'); // the suggestions would take the Enter
    await page.keyboard.press('Control+Enter');
    expect(await answerWith(page, /Garden\sHoe/)).toContain('"price": "12.90 EUR"');
    await page.getByText(/HTTP 200/).waitFor();
    expect(troubles).toEqual([]);
  } finally {
    await browser.close();
  }
});

browserTest('the first visit shows the samples, ready to run as the demo user', async () => {
  const { browser, page, troubles } = await openConsole();
  try {
    expect(await page.getByRole('tab').count()).toBe(2);
    await page.getByRole('tab', { name: 'Other' }).waitFor();
    await run(page);
    expect(await answerWith(page, /Bearer\sdemo/)).toContain('Garden Hoe');

    // tabs are kept by the browser, the token is not: it comes from the server again
    await page.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('Hoe'));
    await page.reload();
    await editorReady(page);
    await run(page);
    expect(await answerWith(page, /Bearer\sdemo/)).toContain('Garden Hoe');
    expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain('Bearer demo');
    expect(troubles).toEqual([]);
  } finally {
    await browser.close();
  }
});
