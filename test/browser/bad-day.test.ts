import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { join } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, openHouse, org, signIn } from './house.ts';
import { viewer } from './pages.ts';

/** The server stops, and comes back at the same address on the same database. */
describe('on a bad day', () => {
  let browser: Browser;
  let house: TestApp;
  let database: TestDatabase;
  let url: string;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    database = await testDatabase();
    [browser, house] = await Promise.all([launchChromium(), openHouse({ database })]);
    url = house.url;
    await addSite(house, 'dartmouth', 'Dartmouth');
    for (const slug of ['bay-1', 'bay-2']) await (await addDevice(house, 'dartmouth', slug, named(slug)))();
    for (const area of ['Bays', 'Desk']) {
      const body = { slug: area.toLowerCase(), name: area };
      expect((await house.call('POST', `/api/v1/${org}/sites/dartmouth/areas`, { body })).status).toBe(201);
    }
    const check = { slug: 'shop', name: 'Shop', kind: 'tcp', config: { host: '127.0.0.1', port: 9 } };
    expect((await house.call('POST', `/api/v1/${org}/checks`, { body: check })).status).toBe(201);
    const rmm = { slug: 'rmm', name: 'RMM', kind: 'ninjaone', enabled: false };
    const config = { client_id: 'id', client_secret: 'only theirs' };
    expect((await house.call('POST', `/api/v1/${org}/sources`, { body: { ...rmm, config } })).status).toBe(
      201,
    );
    await join(house, org, viewer, 'viewer');
    await waitFor('two silent bays', async () => {
      const { body } = await house.call('GET', `/api/v1/${org}/alerts?status=open&type=device_offline`);
      return body.data.length === 2;
    });
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
    await database.close();
  });

  const named = (slug: string) => `Bay ${slug.slice(-1)} PC`;

  async function start(): Promise<void> {
    house = await openHouse({ database, listen: false });
    const { port } = new URL(url);
    await house.app.http.listen({ host: '127.0.0.1', port: Number(port) });
  }

  const lost = (page: Page) => page.getByText('The connection is lost.');

  test('an acknowledgement that a stopped server did not take is undone at once, everywhere', async () => {
    const { page, context } = await visit(browser, { baseURL: url });
    await signIn(page);
    const card = page.getByRole('article', { name: /Bay 1 PC/ });
    await card.waitFor();
    await page.goto(`/o/${org}/alerts`);
    await card.waitFor();
    await card.getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: /Bay 1 PC/ }).waitFor();
    const alertPage = page.url();
    await house.close();

    // On the alert's own page, in the list and on the overview, the change must show at once, even while somebody uses it.
    const failed = page.getByText(/The acknowledgement could not be saved/).first();
    const acknowledge = page.getByRole('button', { name: 'Acknowledge' }).first();
    await acknowledge.click();
    await failed.waitFor();
    await acknowledge.waitFor();
    expect(await page.getByText('Acknowledged by').count()).toBe(0);
    await page.getByRole('link', { name: 'Alerts', exact: false }).filter({ visible: true }).first().click();
    await card.waitFor();
    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await failed.waitFor();
    await card.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).filter({ visible: true }).first().click();
    await page.getByRole('heading', { level: 1, name: /Two things need you/ }).waitFor();
    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await page
      .getByRole('article', { name: /Bay 2 PC/ })
      .getByRole('button', { name: 'Acknowledge' })
      .click();
    await failed.waitFor();
    await page.mouse.move(500, 500);
    await page.getByRole('heading', { level: 1, name: /Two things need you/ }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(2);

    // The frame stays, reports it, and recovers by itself; one press repeats the failed action.
    await lost(page).waitFor();
    await start();
    await lost(page).waitFor({ state: 'detached', timeout: 60_000 });
    await page.goto(alertPage);
    await acknowledge.click();
    await page.getByText('Acknowledged by Dana').first().waitFor();
    await context.close();
  });

  test('a page whose code cannot be loaded yet keeps the frame, says so, and appears by itself later', async () => {
    const { page, context } = await visit(browser, { baseURL: url });
    await signIn(page);
    await page.getByRole('heading', { level: 2, name: 'Sites' }).waitFor();
    await house.close();
    await page.getByRole('link', { name: 'Checks' }).filter({ visible: true }).click();
    await page.getByText('This page is not loaded yet.').waitFor();
    expect(await page.getByRole('navigation', { name: 'Main' }).filter({ visible: true }).count()).toBe(1);
    expect(page.url()).toBe(`${url}/o/${org}/checks`);
    await start();
    await page.getByRole('link', { name: 'Shop' }).waitFor({ timeout: 60_000 });
    await context.close();
  });

  test('no write that the server did not take stays on the screen', async () => {
    const first = async (list: string): Promise<string> =>
      (await house.call('GET', `/api/v1/${org}/${list}`)).body.data[0].id;
    const writes = writesOf(
      await first('alerts?status=open&type=device_offline'),
      await first('rules?type=device_offline'),
    );
    const { page, context } = await visit(browser, { baseURL: url });
    await signIn(page);
    for (const { path, press, back } of writes) {
      await page.goto(path);
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      const news = page.getByRole('region', { name: /News/ });
      await press.ready(page).waitFor();
      const before = await controlsOf(page);
      await context.setOffline(true);
      await press.run(page);
      await news
        .getByText(/Watchkeeper cannot be reached/)
        .first()
        .waitFor();
      if (back !== undefined) {
        await context.setOffline(false);
        await back(page).waitFor();
        continue;
      }
      // New elements (a banner, a summary) may stand beside it; nothing of the old page may be gone.
      await expect
        .poll(() => controlsOf(page), { message: path, timeout: 60_000 })
        .toEqual({
          buttons: expect.arrayContaining(before.buttons),
          fields: expect.arrayContaining(before.fields),
        });
      await context.setOffline(false);
    }
    await context.close();
  });

  test('after a new build the page reloads between two actions, never while somebody is typing', async () => {
    const { page, context } = await visit(browser, { baseURL: url });
    await signIn(page);
    await page.getByRole('link', { name: 'Sites', exact: true }).filter({ visible: true }).first().click();
    await page.getByRole('link', { name: 'Add a site' }).click();
    await page.getByLabel('Name').fill('Bedford');
    await page.evaluate('window.sameDocument = true');
    const isSame = () => page.evaluate<boolean>('window.sameDocument === true');

    await house.close();
    await lost(page).waitFor();
    // The server's new build has another name for its first script, as every build has.
    let isNew = true;
    await context.route(`${url}/`, async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      await route.fulfill({ response, body: isNew ? body.replace(/index-[^"]+\.js/, 'index-new.js') : body });
    });
    await start();
    await page.getByText('There is a new version.').waitFor({ timeout: 60_000 });
    expect(await page.getByLabel('Name').inputValue()).toBe('Bedford');
    expect(await isSame()).toBe(true);
    isNew = false;
    await page.getByRole('link', { name: 'Overview' }).filter({ visible: true }).first().click();
    await waitFor('the page begun anew', async () => !(await isSame()));
    await page.getByRole('heading', { level: 2, name: 'Sites' }).waitFor();
    await context.close();
  });
});

interface Write {
  path: string;
  press: { ready: (page: Page) => ReturnType<Page['locator']>; run: (page: Page) => Promise<void> };
  /** The test leaves the page meanwhile, and the next page's code may be missing: this must be there again afterwards. */
  back?: (page: Page) => ReturnType<Page['locator']>;
}

const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first();
const pressing = (name: string | RegExp): Write['press'] => ({
  ready: button(name),
  run: (page) => button(name)(page).click(),
});
const asking = (
  name: string,
  yes: string,
  answer?: (dialog: ReturnType<Page['locator']>) => Promise<void>,
) => ({
  ready: button(name),
  async run(page: Page) {
    await button(name)(page).click();
    const dialog = page.getByRole('dialog');
    await answer?.(dialog);
    await dialog.getByRole('button', { name: yes }).click();
  },
});

/** Every write that is shown before its answer, and one that is not. */
const writesOf = (alert: string, rule: string): readonly Write[] => [
  ...['', '/alerts', '/sites/dartmouth', '/devices/bay-2'].map((place) => ({
    path: `/o/${org}${place}`,
    press: pressing('Acknowledge'),
  })),
  {
    path: `/o/${org}/alerts/${alert}`,
    press: asking('Resolve', 'Resolve', (dialog) =>
      dialog.getByLabel('What was the reason?').fill('Somebody pulled the plug.'),
    ),
  },
  {
    path: `/o/${org}/devices/bay-2`,
    press: asking('Retire', 'Retire it'),
  },
  {
    path: `/o/${org}/checks/shop`,
    press: pressing('Switch off'),
  },
  {
    path: `/o/${org}/rules/${rule}`,
    press: pressing('Switch off'),
  },
  {
    path: `/o/${org}/sources/rmm`,
    press: asking('Delete', 'Delete the source'),
    back: (page) => page.getByRole('main').getByRole('link', { name: 'RMM' }),
  },
  {
    path: `/o/${org}/settings`,
    press: pressing('Sign out'),
  },
  {
    path: `/o/${org}/settings/members`,
    press: {
      ready: (page) => page.getByLabel('Role of Vera'),
      run: async (page) => {
        await page.getByLabel('Role of Vera').selectOption({ label: 'Operator' });
      },
    },
  },
  {
    path: `/o/${org}/sites/dartmouth/edit`,
    press: {
      ready: button('More for Desk'),
      run: async (page) => {
        await button('More for Desk')(page).click();
        await page.getByRole('menuitem', { name: 'Move up' }).click();
      },
    },
  },
];

interface Controls {
  buttons: string[];
  fields: string[];
}

/** The actions of a page and the values of its fields, in their order. */
async function controlsOf(page: Page): Promise<Controls> {
  return await page.evaluate<Controls>(`({
    buttons: [...document.querySelectorAll('main button')].map((each) => each.innerText),
    fields: [...document.querySelectorAll('main input, main select')].map((each) => each.value),
  })`);
}
