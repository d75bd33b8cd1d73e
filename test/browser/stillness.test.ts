import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import type { TestApp } from '../support/app.ts';
import { waitFor } from '../support/wait-for.ts';
import { desk, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, keepAlive, openHouse, org, signIn } from './house.ts';

/** Pages that receive live changes; on a phone the longest of them are enough. */
const deskPaths = [
  `/o/${org}`,
  `/o/${org}?wall`,
  `/o/${org}/alerts`,
  `/o/${org}/ledger`,
  `/o/${org}/sites/dartmouth`,
  `/o/${org}/devices`,
  `/o/${org}/devices/gate-1`,
  `/o/${org}/checks`,
  `/o/${org}/checks/shop`,
  `/o/${org}/system`,
];
const phonePaths = [
  `/o/${org}`,
  `/o/${org}/alerts`,
  `/o/${org}/sites/dartmouth`,
  `/o/${org}/devices/gate-2`,
  `/o/${org}/checks/shop`,
];

describe('a page that nobody touches', () => {
  let browser: Browser;
  let house: TestApp;
  let shop: Awaited<ReturnType<typeof startLoopbackServer>>;
  let isWell = true;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    shop = await startLoopbackServer((_request, response) => response.writeHead(isWell ? 200 : 503).end());
    await addSite(house, 'dartmouth', 'Dartmouth');
    await addSite(house, 'bedford', 'Bedford');
    for (const number of [1, 2, 3]) {
      const beat = await addDevice(house, 'dartmouth', `bay-${number}`, `Bay ${number} PC`);
      await beat();
    }
    const check = {
      ...{ slug: 'shop', name: 'Web shop', kind: 'http', interval: 1, alert_after_failures: 1 },
      config: { url: `http://127.0.0.1:${shop.port}/health` },
    };
    expect((await house.call('POST', `/api/v1/${org}/checks`, { body: check })).status).toBe(201);
  });
  afterAll(async () => {
    await browser.close();
    await shop[Symbol.asyncDispose]();
    await house.close();
  });

  test.each([
    { where: 'on a desk', gate: 'gate-1', viewport: desk, motion: true, paths: deskPaths },
    { where: 'on a phone', gate: 'gate-2', viewport: phone, motion: false, paths: phonePaths },
  ])('changes without moving what somebody reads, $where', async ({ gate, viewport, motion, paths }) => {
    const beat = await addDevice(house, 'dartmouth', gate, `The ${gate}`);
    const fallSilent = keepAlive(beat, 500);
    const options = { baseURL: house.url, viewport, motion };
    const { page: door, context } = await visit(browser, options);
    await signIn(door);
    const storageState = await context.storageState();
    await context.close();
    const pages: Page[] = [];
    for (const path of paths) {
      const { page } = await visit(browser, { ...options, storageState });
      await leaveAlone(page, path);
      pages.push(page);
    }
    const [overview] = pages;
    if (overview === undefined) throw new Error('No page is open.');
    const card = (name: string) => overview.getByRole('article').filter({ hasText: name });

    isWell = false;
    await card('Web shop').waitFor();
    await fallSilent();
    await card(`The ${gate}`).waitFor();
    isWell = true;
    await card('Web shop').waitFor({ state: 'detached' });
    const fallSilentAgain = keepAlive(beat, 500);
    await card(`The ${gate}`).waitFor({ state: 'detached' });
    await fallSilentAgain();

    const slid: string[] = [];
    for (const [index, page] of pages.entries()) {
      const shifts = await page.evaluate<string[]>('window.shifts');
      slid.push(...shifts.map((shift) => `${paths[index]}: ${shift}`));
      await page.context().close();
    }
    expect(slid).toEqual([]);
  });
});

/** Opens a page, waits until it is complete, and records movement from then on. */
async function leaveAlone(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await waitFor(`${path} to be loaded`, async () => (await page.locator('[aria-busy=true]').count()) === 0);
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
  await page.evaluate(noteShifts);
}

/** From now on, records elements that move. A string, because this file does not run in the browser. */
const noteShifts = `
  window.shifts = [];
  const placeOf = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries())
      for (const { node, previousRect, currentRect } of sources)
        window.shifts.push(
          [value.toFixed(4), placeOf(previousRect), placeOf(currentRect), node?.textContent?.slice(0, 60)].join(' | '),
        );
  }).observe({ type: 'layout-shift' });
`;
