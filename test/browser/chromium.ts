import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Places where distributions install it; CHROMIUM_PATH names any other. */
const candidates = [
  process.env.CHROMIUM_PATH,
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

/** Time-out for a button, a text or a page that never comes; a busy machine needs a while. */
const waitMsMax = 60_000;

export const desk = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

const args = [
  // Tests run as root in containers, where Chromium's sandbox cannot.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Maps a host name to this machine: the browser sees a page of it as neither https nor local. */
export async function launchChromium(hostName?: string): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('No Chromium was found; set CHROMIUM_PATH to its path.');
  const mapped = hostName === undefined ? [] : [`--host-resolver-rules=MAP ${hostName} 127.0.0.1`];
  return await chromium.launch({ executablePath: chromiumPath, args: [...args, ...mapped] });
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Complaints of the browser: script errors, refused styles, failed requests. */
  readonly complaints: string[];
}

interface VisitOptions {
  baseURL: string;
  viewport?: { width: number; height: number };
  theme?: 'light' | 'dark';
  /** For a person who has not asked for reduced motion. */
  motion?: boolean;
  /** The cookies of a person who signed in before. */
  storageState?: Awaited<ReturnType<BrowserContext['storageState']>>;
}

/** A fresh browser profile with one page. */
export async function visit(browser: Browser, options: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: options.baseURL,
    viewport: options.viewport ?? desk,
    colorScheme: options.theme ?? 'light',
    ...(options.storageState === undefined ? {} : { storageState: options.storageState }),
    reducedMotion: options.motion === true ? 'no-preference' : 'reduce',
    locale: 'en',
    timezoneId: 'Europe/Berlin',
  });
  context.setDefaultTimeout(waitMsMax);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return { page, context, complaints };
}

/** An element that is half faded in has half its contrast. A string, because this file does not run in the browser. */
const fadesDone = `Promise.allSettled(
  document.getAnimations().flatMap((each) => (each.effect?.getTiming().iterations === Infinity ? [] : [each.finished])),
).then(() => undefined)`;

/** Axe's rules for WCAG and best practice, and nothing wider than the screen. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(fadesDone);
  // No page has a frame, so axe need not open its own page to merge the findings of frames.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  expect(found, `axe on ${what}`).toEqual([]);
  await expectFits(page, what);
}

export async function expectFits(page: Page, what: string): Promise<void> {
  const beyond: number = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(beyond, `pixels of ${what} beyond the screen`).toBeLessThanOrEqual(0);
}
