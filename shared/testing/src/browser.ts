import { type Browser, chromium } from 'playwright-core';
import { findTool } from './tools.ts';

/** What Chromium needs to run as root, and to say nothing to anyone outside of this machine. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium without a window, with an empty profile. Throws when it is missing: ask `hasChromium()` first. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findTool('chromium', 'chromium');
  if (executablePath === undefined) throw new Error('chromium is not installed');
  return await chromium.launch({ executablePath, headless: true, args: FLAGS });
}
