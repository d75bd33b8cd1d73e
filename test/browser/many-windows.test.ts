import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addSite, dana, openHouse, org, signIn } from './house.ts';

const windowsOpen = 8;
/** Streams among the six connections that a browser opens to one server; `web/src/api/places.ts` shares them out. */
const streamsMax = 3;
const clubs = ['acadia', 'bluff', 'cedar', 'digby', 'elm', 'fundy', 'gaspe', 'hants'];

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
    'all load and are live over one stream, by %s; when the window that holds it closes, another takes over at once',
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
      // A page requests a stream only while it leads, so only the first one did.
      expect(holders.length).toBe(1);
      await leader?.close();
      const left = pages.filter((each) => each !== leader);
      await addSite(house, `cole-${host}`, `Cole Harbour ${host}`);
      await shows(`Cole Harbour ${host}`, left);
      expect(streams.size).toBe(2);
      await context.close();
    },
  );

  describe('each of another organization', () => {
    beforeAll(async () => {
      for (const club of clubs) {
        await house.call('POST', '/api/v1/orgs', { body: { slug: club, name: club } });
        await join(house, club, dana, 'admin');
      }
    });

    test.each([
      ['the locks of the browser', '127.0.0.1'],
      ['a shared worker where there is no https', 'watch.test'],
    ])(
      'all load and stay current over a few streams, by %s; a window that waits for a stream gets one',
      async (_, host) => {
        const { page, context } = await visit(browser, { baseURL: house.url.replace('127.0.0.1', host) });
        const open = new Map<Page, number>();
        context.on('request', (request) => {
          if (request.url().endsWith('/stream')) open.set(request.frame().page(), 1);
        });
        await page.goto('/sign-in?to=/o/acadia/sites');
        await page.getByLabel('E-mail').fill(dana.email);
        await page.getByLabel('Password', { exact: true }).fill(dana.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.waitForURL(/acadia/);
        const windows = new Map<string, Page>([['acadia', page]]);
        for (const club of clubs.slice(1)) {
          const another = await context.newPage();
          await another.goto(`/o/${club}/sites`);
          windows.set(club, another);
        }
        const shows = async (name: string) => {
          for (const club of clubs) {
            const body = { slug: name.toLowerCase(), name: `${name} ${club}`, timezone: 'America/Halifax' };
            await house.call('POST', `/api/v1/${club}/sites`, { body });
          }
          await Promise.all(
            [...windows].map(([club, each]) =>
              each
                .getByRole('link', { name: `${name} ${club}` })
                .first()
                .waitFor(),
            ),
          );
        };
        await shows(`First${host.length}`);
        expect(open.size).toBe(streamsMax);

        const [holder] = open.keys();
        await holder?.close();
        for (const [club, each] of windows) if (each === holder) windows.delete(club);
        await expect.poll(() => open.size, { timeout: 60_000 }).toBe(streamsMax + 1);
        await shows(`Second${host.length}`);
        await context.close();
      },
    );
  });
});
