import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, dana, org, signIn } from './house.ts';

describe('maintenance', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    const env = {
      ADMIN_EMAIL: dana.email,
      ADMIN_PASSWORD: dana.password,
      ALERT_CHECK_INTERVAL: '0.5',
      // The device beats once. It must not fall silent during a window, which a busy machine may keep open for minutes.
      HEARTBEAT_OFFLINE_SECONDS: '3600',
    };
    [browser, house] = await Promise.all([launchChromium(), testApp({ work: true, listen: true, env })]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    await (await addDevice(house, 'dartmouth', 'bay-1', 'Bay 1 PC'))();
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test('a weekly window is planned in plain words, marks the night when clocks change, and is in the calendar', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/maintenance`);
    await page.getByText('No maintenance is planned.').waitFor();
    await expectAccessible(page, 'an empty calendar');
    await page.getByRole('link', { name: 'Plan a window', exact: true }).click();

    await page.getByRole('button', { name: 'Plan it' }).click();
    await page.getByText('One field needs another look.').waitFor();
    await page.getByLabel('What is done').fill('Lamps');
    await page.getByLabel('From').fill('2099-02-22T01:00');
    await page.getByLabel('To', { exact: true }).fill('2099-02-22T05:00');
    await page.getByLabel('Repeats').selectOption('weekly');
    const preview = page.getByRole('region', { name: 'What this means' });
    await preview.getByText('Every week on Sunday, 01:00 to 05:00.').waitFor();
    await preview.getByText('The clocks go forward: 3 h instead of 4 h.').waitFor();
    await page.getByText('Some of it').click();
    await page.getByLabel('Areas, devices, types and checks').fill('Bay 1 PC (bay-1)');
    await page.getByRole('button', { name: 'Remove Bay 1 PC' }).waitFor();
    await expectAccessible(page, 'the form of a window');
    await page.getByRole('button', { name: 'Plan it' }).click();

    await page.getByRole('heading', { level: 1, name: /Lamps begins Sun, Feb 22/ }).waitFor();
    await page.getByText('It has not run yet.').waitFor();
    await expectAccessible(page, 'the page of a window');
    const [planned] = (await house.call('GET', `/api/v1/${org}/maintenance`)).body.data;
    expect(planned).toMatchObject({
      systems: ['bay-1'],
      timezone: 'America/Halifax',
      recurrence: 'FREQ=WEEKLY;BYDAY=SU',
      start_time: '2099-02-22T05:00:00.000Z',
    });

    await page.goto(`/o/${org}/maintenance?day=2099-03-08&site=dartmouth`);
    await page.getByRole('heading', { level: 2, name: 'March 2099' }).waitFor();
    // Five Sundays of March and the first of April.
    await page.getByRole('cell').getByRole('link', { name: /Lamps/ }).nth(5).waitFor();
    await page.getByText('The clocks go forward').first().waitFor({ state: 'attached' });
    await expectAccessible(page, 'a month');
    await page.getByText('Week', { exact: true }).click();
    await page.getByRole('region', { name: 'Week' }).getByRole('link', { name: /Lamps/ }).waitFor();
    await expectAccessible(page, 'a week');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a device's page starts a window in two presses and shows it; it is extended, ended early, and has a report", async () => {
    const { page, context } = await visit(browser, { baseURL: house.url, viewport: phone, theme: 'dark' });
    await signIn(page);
    await page.goto(`/o/${org}/devices/bay-1`);
    await page.getByRole('link', { name: 'Maintenance', exact: true }).click();
    await page.getByLabel('What is done').fill('New disk');
    await page.getByRole('button', { name: 'Plan it' }).click();
    await page.getByRole('heading', { level: 1, name: /New disk is running until/ }).waitFor();

    await page.goto(`/o/${org}/devices/bay-1`);
    await page.getByRole('heading', { level: 1, name: 'Bay 1 PC is in maintenance.' }).waitFor();
    await expectAccessible(page, 'a device in maintenance');
    await page.getByRole('link', { name: 'Open: New disk' }).click();
    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'By an hour' }).click();
    await page.getByText(/^Extended until/).waitFor();
    await page.getByRole('button', { name: 'End now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
    await page.getByRole('heading', { level: 1, name: 'New disk is over.' }).waitFor();
    await page.getByText('ended early by Dana').waitFor();
    await page.getByText('Nothing broke during it.').waitFor();
    await expectAccessible(page, 'the report of a window');

    await page.goto(`/o/${org}/maintenance`);
    await page.getByRole('link', { name: 'New disk' }).waitFor();
    await expectAccessible(page, 'the list on a phone');
    await context.close();
  });
});
