import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, dana, openHouse, org } from './house.ts';

describe('everywhere in the console', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    const beat = await addDevice(house, 'dartmouth', 'bay-4-pc', 'Bay 4 PC');
    await beat();
    await addDevice(house, 'dartmouth', 'till', 'Till');
    const rmm = { slug: 'rmm', name: 'Head office RMM', kind: 'ninjaone', site: 'dartmouth', enabled: false };
    const config = { client_id: 'id', client_secret: 'only theirs' };
    const connected = await house.call('POST', `/api/v1/${org}/sources`, { body: { ...rmm, config } });
    expect(connected.status).toBe(201);
    const body = { slug: 'northside', name: 'Northside' };
    expect((await house.call('POST', '/api/v1/orgs', { body })).status).toBe(201);
    await join(house, 'northside', dana, 'admin');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  async function enter(options: Partial<Parameters<typeof visit>[1]> = {}) {
    const all = await visit(browser, { baseURL: house.url, ...options });
    await all.page.goto('/sign-in?to=/o/default');
    await fillSignIn(all.page);
    return all;
  }

  test('search leads from any page to a device by its name, with the keyboard alone', async () => {
    const { page, context, complaints } = await enter();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox');
    await field.waitFor();
    await expectAccessible(page, 'the command palette');
    await page.keyboard.type('bay 4');
    await page.getByRole('option', { name: /^Bay 4 PC Device/ }).waitFor();
    const chosen = await field.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${chosen}"]`).textContent()).toContain('Bay 4 PC');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Bay 4 PC/ }).waitFor();
    expect(page.url()).toContain('/o/default/devices/bay-4-pc');
    expect(await page.getByRole('combobox').count()).toBe(0);

    // A connected device has a name too; the check that reads it is not offered beside it.
    await page.keyboard.press('Control+k');
    await field.fill('office rmm');
    const source = page.getByRole('option', { name: /^Head office RMM Source · Dartmouth/ });
    await source.waitFor();
    expect(await page.getByRole('option', { name: /RMM/ }).count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/o\/default\/sources\/rmm$/);

    // Escape closes it, and keys go to the page again.
    await page.keyboard.press('Control+k');
    await field.waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL(/\/o\/default\/sites$/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the palette switches the organization', async () => {
    const { page, context } = await enter();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('northside');
    await page.getByRole('option', { name: /^Northside/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/o\/northside/);
    await page.getByRole('heading', { level: 1, name: 'Nothing is being watched yet.' }).waitFor();
    await page.getByRole('link', { name: 'Add a site' }).waitFor();
    await context.close();
  });

  test('the wallboard says when it lost the connection, and recovers by itself', async () => {
    const { page, context } = await enter({ viewport: { width: 1920, height: 1080 } });
    await page.goto('/o/default?wall');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('list', { name: 'Sites' }).getByText('Dartmouth').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await expectAccessible(page, 'the wallboard');
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBeLessThanOrEqual(0);

    await context.setOffline(true);
    await page.getByText('The connection is lost. It updates by itself as soon as it is back.').waitFor();
    await addSite(house, 'bedford', 'Bedford');
    await context.setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('list', { name: 'Sites' }).getByText('Bedford').waitFor();
    await context.close();
  });

  test('on a phone the four pages of the watch are at the bottom, and the rest is one tap away', async () => {
    const { page, context } = await enter({ viewport: phone, theme: 'dark' });
    const tabs = page.getByRole('navigation', { name: 'Main' }).filter({ visible: true });
    expect(await tabs.getByRole('link').count()).toBe(4);
    await tabs.getByRole('button', { name: 'More' }).click();
    const sheet = page.getByRole('dialog', { name: 'More pages' });
    await expectAccessible(page, 'the sheet with more pages');
    await sheet.getByRole('link', { name: 'Channels' }).click();
    await page.waitForURL(/\/o\/default\/channels$/);
    await sheet.waitFor({ state: 'detached' });
    await context.close();
  });

  test('a German browser gets German texts', async () => {
    const context = await browser.newContext({ baseURL: house.url, locale: 'de-DE', viewport: phone });
    const page = await context.newPage();
    await page.goto('/sign-in?to=/o/default');
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    await page.getByLabel('E-Mail').fill(dana.email);
    await page.getByLabel('Passwort', { exact: true }).fill(dana.password);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('heading', { name: 'Standorte' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await expectAccessible(page, 'the overview in German on a phone');
    await context.close();
  });

  test('a page stays still while somebody uses it, says what is new, and shows exact times to keyboard users', async () => {
    const beat = await addDevice(house, 'dartmouth', 'gate-1', 'Gate 1');
    const { page, context, complaints } = await enter();
    const cards = page.getByRole('article');
    await cards.filter({ hasText: 'Bay 4 PC' }).waitFor();
    await page.getByRole('link', { name: 'Go to channels' }).waitFor();
    await page.evaluate(noteShifts);
    await beat();
    const note = page.getByRole('button', { name: 'One new alert · Show' });
    let steps = 0;
    await waitFor('the note of the new alert', async () => {
      steps += 1;
      await page.mouse.move(400 + (steps % 2), 500);
      return (await note.isVisible()) ? true : undefined;
    });
    expect(await cards.filter({ hasText: 'Gate 1' }).count()).toBe(0);
    expect(await page.evaluate<string[]>('window.shifts')).toEqual([]);
    await expectAccessible(page, 'the overview with a note of what came');

    await note.click();
    const link = cards.filter({ hasText: 'Gate 1' }).getByRole('link').first();
    await link.waitFor();
    await note.waitFor({ state: 'detached' });

    await page.keyboard.press('Tab');
    await link.focus();
    const exact = page.locator('div[aria-hidden]').filter({ hasText: /GMT\+[12] · / });
    await exact.waitFor();
    await page.keyboard.press('Escape');
    await exact.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await context.close();
  });
});

async function fillSignIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(dana.email);
  await page.getByLabel('Password', { exact: true }).fill(dana.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/o/default');
  await page.getByRole('heading', { level: 2, name: 'Sites' }).waitFor();
}

/** From now on, records movement that no key or click caused. A string, because this file does not run in the browser. */
const noteShifts = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push(sources.map(({ node }) => node?.textContent).join(' | '));
  }).observe({ type: 'layout-shift' });
`;
