import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addSite, openHouse, org, signIn } from './house.ts';

const windowsOpen = 8;

describe('many windows of one browser', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium('watch.test'), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test.each([
    ['the locks of the browser', '127.0.0.1', true],
    ['a shared worker where there is no https', 'watch.test', false],
  ])(
    'all load and are live over one stream, by %s; when the one that holds it closes, another takes over at once',
    async (_, host, hasLocks) => {
      const { page, context } = await visit(browser, { baseURL: house.url.replace('127.0.0.1', host) });
      await page.goto('/sign-in');
      expect(await page.evaluate<boolean>('"locks" in navigator')).toBe(hasLocks);
      const streams = new Map<Page, number>();
      context.on('request', (request) => {
        if (!request.url().endsWith('/stream')) return;
        const from = request.frame().page();
        streams.set(from, (streams.get(from) ?? 0) + 1);
      });
      await signIn(page);
      const pages = [page];
      while (pages.length < windowsOpen) pages.push(await context.newPage());
      for (const each of pages) await each.goto(`/o/${org}/sites`);
      const shows = (name: string, among: Page[]) =>
        Promise.all(among.map((each) => each.getByRole('link', { name }).waitFor()));
      await shows('Dartmouth', pages);
      await addSite(house, `bedford-${host}`, `Bedford ${host}`);
      await shows(`Bedford ${host}`, pages);

      const holders = [...streams.keys()];
      const [leader] = holders;
      // Each page asked for one only while it led: the first of them, and none beside it.
      expect(holders.length).toBe(1);
      await leader?.close();
      const left = pages.filter((each) => each !== leader);
      await addSite(house, `cole-${host}`, `Cole Harbour ${host}`);
      await shows(`Cole Harbour ${host}`, left);
      expect(streams.size).toBe(2);
      await context.close();
    },
  );
});
