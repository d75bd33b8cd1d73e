import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectFits, launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { openHouse, org, signIn } from './house.ts';

/** A name of the greatest length, without a place to break the line. */
const long = (first: string) => first.padEnd(200, 'x');
const arabic = 'مقهى الميناء ٤';

const pages = [
  `/o/${org}`,
  `/o/${org}?wall`,
  `/o/${org}/alerts`,
  `/o/${org}/sites`,
  `/o/${org}/sites/dartmouth`,
  `/o/${org}/sites/dartmouth/edit`,
  `/o/${org}/devices`,
  `/o/${org}/devices/bay-1`,
  `/o/${org}/devices/new`,
  `/o/${org}/checks`,
  `/o/${org}/checks/shop`,
  `/o/${org}/checks/shop/edit`,
  `/o/${org}/rules`,
  `/o/${org}/channels`,
  `/o/${org}/ledger`,
  `/o/${org}/maintenance`,
  `/o/${org}/maintenance/lamps`,
  `/o/${org}/settings/members`,
  `/o/${org}/settings/audit`,
  `/o/${org}/settings/organization`,
];

/** Twenty pages one after the other, also on a busy machine. */
const pagesMsMax = 360_000;

describe('names of the greatest length', () => {
  let browser: Browser;
  let house: TestApp;
  let alert: string;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    const post = async (path: string, body: object) => {
      const answer = await house.call('POST', `/api/v1/${path}`, { body });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body;
    };
    await post(`${org}/sites`, { slug: 'dartmouth', name: long('Dartmouth'), timezone: 'America/Halifax' });
    await post(`${org}/sites/dartmouth/areas`, { slug: 'bays', name: long('Bays') });
    const at = { site: 'dartmouth', area: 'bays' };
    const { token } = await post(`${org}/devices`, { slug: 'bay-1', name: long('Bay'), ...at });
    await post(`${org}/devices`, { slug: 'cafe', name: arabic, site: 'dartmouth' });
    await post(`${org}/channels`, { kind: 'console', name: long('Log').slice(0, 100), config: {} });
    const probe = { kind: 'tcp', config: { host: '127.0.0.1', port: 9 } };
    await post(`${org}/checks`, { slug: 'shop', name: long('Shop'), site: 'dartmouth', ...probe });
    await post(`${org}/maintenance`, {
      ...{ slug: 'lamps', location: 'dartmouth', systems: ['bays'], reason: long('Lamps') },
      ...{ start_time: '2099-01-06T06:00', end_time: '2099-01-06T07:30' },
    });
    const vera = {
      email: 'vera@club.example',
      name: long('Vera').slice(0, 100),
      password: 'Looks but 1 does not touch!',
    };
    await join(house, org, vera, 'viewer');
    const beat = { device_id: 'bay-1', tenant_id: org, store_id: 'dartmouth', status: 'ok' };
    expect((await house.call('POST', '/heartbeat', { token, body: beat })).status).toBe(202);
    alert = await waitFor(
      'the silent bay',
      async () => (await house.call('GET', `/api/v1/${org}/alerts?device=bay-1`)).body.data[0]?.id,
    );
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(path);
    await page.locator('main').waitFor();
    await expect
      .poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: 60_000 })
      .toBe(0);
  }

  test.each([
    ['the narrowest phone', { width: 360, height: 640 }],
    ['a desk', { width: 1280, height: 800 }],
  ])(
    'fit every page on %s',
    async (what, viewport) => {
      const { page, context } = await visit(browser, { baseURL: house.url, viewport });
      await signIn(page);
      for (const path of [`/o/${org}/alerts/${alert}`, ...pages]) {
        await open(page, path);
        await expectFits(page, `${path} on ${what}`);
      }
      await context.close();
    },
    pagesMsMax,
  );

  test('from right to left do not change the direction of the text around them', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await open(page, `/o/${org}/devices/cafe`);
    const heading = page.getByRole('heading', { level: 1 });
    expect(await heading.textContent()).toContain(`\u2068${arabic}\u2069 is unknown.`);
    await open(page, `/o/${org}/devices`);
    const link = page.getByRole('link', { name: arabic });
    await link.waitFor();
    const isolation = `getComputedStyle([...document.links].find((link) => link.textContent === '${arabic}')).unicodeBidi`;
    expect(await page.evaluate(isolation)).toBe('isolate');
    await context.close();
  });
});
