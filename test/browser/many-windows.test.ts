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
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test('all load and are live over one stream; when the one that holds it closes, another takes over at once', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
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
    await addSite(house, 'bedford', 'Bedford');
    await shows('Bedford', pages);

    const holders = [...streams.keys()];
    const [leader] = holders;
    // Each page asked for one only while it led: the first of them, and none beside it.
    expect(holders.length).toBe(1);
    await leader?.close();
    const left = pages.filter((each) => each !== leader);
    await addSite(house, 'cole-harbour', 'Cole Harbour');
    await shows('Cole Harbour', left);
    expect(streams.size).toBe(2);
    await context.close();
  });
});
