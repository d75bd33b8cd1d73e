import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, openHouse, org, signIn } from './house.ts';

export const viewer = { name: 'Vera', email: 'vera@club.example', password: 'looks but does not touch 1' };

const pages = [
  `/o/${org}`,
  `/o/${org}/alerts`,
  `/o/${org}/alerts?show=resolved`,
  `/o/${org}/alerts?severity=low&q=nothing`,
  `/o/${org}/ledger`,
  `/o/${org}/sites`,
  `/o/${org}/sites/dartmouth`,
  `/o/${org}/sites/new`,
  `/o/${org}/sites/dartmouth/edit`,
  `/o/${org}/devices`,
  `/o/${org}/devices/new`,
  `/o/${org}/devices/bay-4-pc`,
  `/o/${org}/rules`,
  `/o/${org}/rules/new`,
  `/o/${org}/rules/new?template=refund_spike`,
  `/o/${org}/channels`,
  `/o/${org}/channels/new`,
  `/o/${org}/channels/new?kind=webhook`,
  `/o/${org}/system`,
  `/o/${org}/checks`,
  `/o/${org}/checks/new?kind=http`,
  `/o/${org}/checks?status=down`,
  `/o/${org}/checks/shop`,
  `/o/${org}/checks/shop/edit`,
  `/o/${org}/sources`,
  `/o/${org}/sources/new`,
  `/o/${org}/sources/new?kind=unifi_access`,
  `/o/${org}/sources/rmm`,
  `/o/${org}/sources/rmm/edit`,
  `/o/${org}/maintenance`,
  `/o/${org}/maintenance/new`,
  `/o/${org}/maintenance/lamps`,
  `/o/${org}/settings`,
  `/o/${org}/settings/organization`,
  `/o/${org}/settings/members`,
  `/o/${org}/settings/sessions`,
  `/o/${org}/settings/api-keys`,
  `/o/${org}/settings/device-types`,
  `/o/${org}/settings/audit`,
  `/o/${org}/settings/import-export`,
  `/o/${org}/settings/preferences`,
  `/o/${org}/devices/no-such-device`,
  '/o/no-such-organization',
];

interface Furnished {
  browser: Browser;
  house: TestApp;
}

/** For a suite: a browser, and a server that has one of everything, so that no page is empty. */
export function furnished(): () => Furnished {
  let all: Furnished;
  beforeAll(async () => {
    all = await open();
  });
  afterAll(async () => {
    await all.browser.close();
    await all.house.close();
  });
  return () => all;
}

async function open(): Promise<Furnished> {
  await ensureConsoleBuilt();
  const [browser, house] = await Promise.all([launchChromium(), openHouse()]);
  await addSite(house, 'dartmouth', 'Dartmouth');
  const beat = await addDevice(house, 'dartmouth', 'bay-4-pc', 'Bay 4 PC');
  await beat();
  const check = { slug: 'shop', name: 'Shop', kind: 'tcp', config: { host: '127.0.0.1', port: 9 } };
  expect((await house.call('POST', `/api/v1/${org}/checks`, { body: check })).status).toBe(201);
  const source = {
    ...{ slug: 'rmm', name: 'RMM', kind: 'ninjaone' },
    config: { base_url: 'http://127.0.0.1:49151', client_id: 'watch', client_secret: 'unheard' },
  };
  const made = await house.call('POST', `/api/v1/${org}/sources`, { body: source });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const lamps = {
    ...{ slug: 'lamps', location: 'dartmouth', systems: ['all'], reason: 'Lamps' },
    ...{ start_time: '2026-01-06T06:00', end_time: '2026-01-06T07:30', recurrence: 'FREQ=WEEKLY' },
  };
  expect((await house.call('POST', `/api/v1/${org}/maintenance`, { body: lamps })).status).toBe(201);
  await join(house, org, viewer, 'viewer');
  return { browser, house };
}

/** Opens every page, and expects the same of each. */
export async function tour(
  { browser, house }: Furnished,
  look: { readonly theme: 'light' | 'dark'; readonly width: number },
  expectGood: (page: Page, what: string) => Promise<void>,
): Promise<void> {
  const { theme, width } = look;
  const { page, context, complaints } = await visit(browser, {
    baseURL: house.url,
    theme,
    viewport: { width, height: 900 },
  });
  // The strictest policy there is: an injected style or script would be refused, and said so on the console. It is
  // set where the page is sent, as a route in the browser would switch off its cache for every page.
  house.http.server.prependListener('request', (_request, response) => {
    const send = response.writeHead.bind(response) as (...given: unknown[]) => typeof response;
    response.writeHead = (...given: unknown[]) => {
      if (String(response.getHeader('content-type')).startsWith('text/html'))
        response.setHeader('content-security-policy', "default-src 'self'");
      return send(...given);
    };
  });
  await signIn(page);
  for (const path of pages) {
    await page.goto(path);
    await page.locator('main').waitFor();
    await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
    await expectGood(page, `${path} (${theme}, ${width})`);
  }
  await page.goto(`/o/${org}`);
  await page
    .getByRole('button', { name: /^Account/ })
    .filter({ visible: true })
    .click();
  await page.getByRole('menu').waitFor();
  await expectGood(page, `the account menu (${theme}, ${width})`);
  // A request for something that does not exist gets 404, which the browser's console logs.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  await context.close();
}
