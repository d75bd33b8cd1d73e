import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectAccessible, launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, keepAlive, openHouse, org, signIn } from './house.ts';

describe('a person who manages devices', () => {
  let browser: Browser;
  let house: TestApp;
  let rest: () => Promise<void>;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    await addSite(house, 'bedford', 'Bedford');
    rest = keepAlive(await addDevice(house, 'dartmouth', 'till', 'Till'), 400);
  });
  afterAll(async () => {
    await rest();
    await browser.close();
    await house.close();
  });

  const beatWith = (token: string, device: string) =>
    house.call('POST', '/heartbeat', {
      token,
      body: { device_id: device, tenant_id: org, store_id: 'dartmouth', status: 'ok' },
    });

  test('replaces a token: reads first what breaks, sees it once, the old one is refused, the new one accepted', async () => {
    const created = await house.call('POST', `/api/v1/${org}/devices`, {
      body: { slug: 'gate', name: 'Gate', site: 'dartmouth' },
    });
    const old: string = created.body.token;
    expect((await beatWith(old, 'gate')).status).toBe(202);

    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/devices/gate`);
    await page.getByRole('button', { name: 'New token' }).click();
    const before = page.getByRole('dialog', { name: 'Give it a new token' });
    await before.getByText(/stops working at once/).waitFor();
    await expectAccessible(page, 'the dialog before a new token');
    await before.getByRole('button', { name: 'Replace the token' }).click();

    const ready = page.getByRole('dialog', { name: 'The new token' });
    await ready.getByText(/^wkd_/).waitFor();
    const token = (await ready.getByText(/^wkd_/).textContent()) ?? '';
    expect(token).not.toBe(old);
    await expectAccessible(page, 'the dialog with the new token');
    expect((await beatWith(token, 'gate')).status).toBe(202);
    await waitFor('the old token is refused', async () => (await beatWith(old, 'gate')).status === 401);
    await ready.getByRole('button', { name: 'It is on the device' }).click();
    expect(await page.getByText(token).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('moves and renames a device, retires it, undoes that, and retires it again', async () => {
    const beat = await addDevice(house, 'dartmouth', 'old-pc', 'Old PC');
    await beat();
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/devices/old-pc`);
    const headline = page.getByRole('heading', { level: 1 });

    await page.getByRole('button', { name: 'Edit or move' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit Old PC' });
    await edit.getByLabel('Name').fill('Bedford PC');
    await edit.getByLabel('Site').selectOption('bedford');
    const parents = edit.getByRole('combobox', { name: 'Depends on' });
    await parents.fill('til');
    await edit.getByRole('option', { name: /^Till/ }).waitFor();
    await expectAccessible(page, 'the dialog that edits a device');
    await parents.press('Enter');
    await edit.getByRole('button', { name: 'Remove Till' }).waitFor();
    await parents.press('Escape');
    await edit.getByRole('button', { name: 'Save' }).click();
    await headline.getByText(/^Bedford PC is/).waitFor();
    await page.getByRole('link', { name: 'Bedford', exact: true }).waitFor();
    await page.getByRole('link', { name: 'till' }).waitFor();

    const retire = async () => {
      await page.getByRole('button', { name: 'Retire' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retire it' }).click();
      await headline.getByText('Bedford PC is retired.').waitFor();
    };
    await retire();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'New token' }).waitFor();
    await retire();
    await expectAccessible(page, 'a retired device');
    await waitFor('its heartbeats are refused', async () =>
      beat().then(
        () => false,
        () => true,
      ),
    );

    await page.goto(`/o/${org}/devices`);
    await headline.getByText(/devices?\.$/).waitFor();
    await page.getByRole('link', { name: 'Till' }).waitFor();
    expect(await page.getByRole('link', { name: 'Bedford PC' }).count()).toBe(0);
    await page.getByLabel('State', { exact: true }).selectOption('Retired');
    await page.getByRole('link', { name: 'Bedford PC' }).click();
    await page.getByRole('button', { name: 'Bring it back' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('reads the table behind a chart and saves it as a file; the address keeps the range', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/devices/till`);
    const cpu = page.getByRole('region', { name: 'CPU' }).first();
    await cpu.getByRole('img', { name: /CPU: .* points, from 31 % to 31 %/ }).waitFor();
    await cpu.getByText('CPU as a table').click();
    await cpu.getByRole('cell', { name: '31 %' }).first().waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      cpu.getByRole('button', { name: 'CSV: CPU' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('till-cpu_usage.csv');
    const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
    expect(lines[0]).toBe('Time,CPU (%)');
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT.*Z,31$/);

    await page.getByRole('region', { name: 'State over time' }).getByText('The states as a table').click();
    await page.getByRole('cell', { name: 'Online' }).first().waitFor();
    await page
      .getByRole('region', { name: 'Heartbeats as they came' })
      .first()
      .getByRole('cell')
      .first()
      .waitFor();
    await page.getByRole('radio', { name: '24 h' }).check();
    await page.waitForURL(/range=24h/);
    await page.getByText('Resolution: 5 minutes').waitFor();
    await expectAccessible(page, 'the device page over a day');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('is told calmly that somebody else saved meanwhile, and starts again from that version', async () => {
    await addDevice(house, 'dartmouth', 'lamp', 'Lamp');
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/devices/lamp`);
    await page.getByRole('button', { name: 'Edit or move' }).click();
    const edit = page.getByRole('dialog', { name: /^Edit/ });
    await edit.getByLabel('Name').fill('My lamp');
    await house.call('PUT', `/api/v1/${org}/devices/lamp`, {
      body: { name: 'Their lamp', site: 'dartmouth' },
    });
    await edit.getByRole('button', { name: 'Save' }).click();
    await edit.getByRole('alert').getByText('Changed meanwhile').waitFor();
    await expectAccessible(page, 'a form that somebody else was quicker with');
    expect(await edit.getByLabel('Name').inputValue()).toBe('My lamp');
    await edit.getByRole('button', { name: 'Load the present version' }).click();
    await waitFor(
      'the form to hold the other version',
      async () => (await edit.getByLabel('Name').inputValue()) === 'Their lamp',
    );
    await edit.getByLabel('Name').fill('Our lamp');
    await edit.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('heading', { level: 1 })
      .getByText(/^Our lamp/)
      .waitFor();
    // The browser itself logs the answer 412.
    expect(complaints.filter((line) => !line.includes('412'))).toEqual([]);
    await context.close();
  });

  test('types a range in the time zone of the page', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/devices/till`);
    await page.getByRole('radio', { name: 'Site time' }).check();
    await page.getByRole('radio', { name: 'Custom' }).check();
    await page.getByText('Times in America/Halifax').first().waitFor();
    await page.getByLabel('From', { exact: true }).fill('2026-02-10T10:00');
    await page.getByLabel('To', { exact: true }).fill('2026-02-10T12:30');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL(/from=2026-02-10T14.*to=2026-02-10T16/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('sees the figures of a rule about events: the share over time, its limit, and the number of events behind it', async () => {
    const now = Date.now();
    const events = Array.from({ length: 12 }, (_, index) => ({
      id: `entry-${index}`,
      type: 'gate.redemption',
      outcome: index < 6 ? 'failure' : 'success',
      site: 'dartmouth',
      occurred_at: new Date(now).toISOString(),
    }));
    expect((await house.call('POST', `/api/v1/${org}/events`, { body: events })).status).toBe(202);
    const alert = await waitFor('the alert', async () => {
      const { body } = await house.call('GET', `/api/v1/${org}/alerts?type=gate_fail_rate_high`);
      return body.data[0]?.id;
    });
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/alerts/${alert}`);
    const signal = page.getByRole('region', { name: 'Share of gate redemptions that failed' });
    await signal.getByRole('img', { name: /from 50 % to 50 %; the limit is 10 %/ }).waitFor();
    await signal.getByText('Share of gate redemptions that failed as a table').click();
    await signal.getByRole('columnheader', { name: 'Events in this figure' }).waitFor();
    await signal
      .getByRole('row', { name: /50 %.*10 %.*12/ })
      .first()
      .waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      signal.getByRole('button', { name: /^CSV/ }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toBe('Time,Share of gate redemptions that failed (%),Limit,Events in this figure');
    expect(lines.at(-1)).toMatch(/Z,50,10,12$/);
    await expectAccessible(page, 'an alert about events');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('sets opening hours with a break and a holiday for a site, and adds an area', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/sites/bedford/edit`);
    await page.getByRole('checkbox', { name: 'Open around the clock' }).uncheck();
    await page.getByRole('button', { name: 'Monday: Add hours' }).click();
    await page.getByLabel('Monday closes').nth(1).fill('02:00');
    await page.getByRole('button', { name: 'Same every day' }).click();
    await page.getByRole('button', { name: 'Add a day' }).click();
    await page.getByLabel('Date').fill('2026-12-25');
    await expectAccessible(page, 'the editor of a site');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Bedford is saved.').first().waitFor();
    const { body } = await house.call('GET', `/api/v1/${org}/sites/bedford`);
    expect(body.opening_hours.sunday).toHaveLength(2);
    expect(body.opening_hours.sunday[1].close).toBe('02:00');
    expect(body.opening_hours.holidays).toEqual([{ date: '2026-12-25', closed: true }]);

    const areas = page.getByRole('region', { name: 'Areas' });
    await areas.getByLabel('Name').fill('Bay 1');
    await areas.getByRole('button', { name: 'Add an area' }).click();
    await areas.getByLabel('Rename Bay 1').fill('Bay One');
    await areas.getByRole('button', { name: 'Rename' }).click();
    await areas.getByLabel('Rename Bay One').waitFor();
    await areas.getByLabel('Name', { exact: true }).fill('Door');
    await areas.getByRole('button', { name: 'Add an area' }).click();
    await areas.getByRole('button', { name: 'More for Door' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Move up' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Door is now 1 of 2.').first().waitFor();
    const listed = (await house.call('GET', `/api/v1/${org}/sites/bedford/areas`)).body.data;
    expect(listed.map((area: { name: string }) => area.name)).toEqual(['Door', 'Bay One']);
    await areas.getByRole('button', { name: 'Remove Door' }).click();
    await areas.getByLabel('Rename Door').waitFor({ state: 'detached' });
    await areas.getByRole('button', { name: 'Remove Bay One' }).click();
    await areas.getByText('No areas yet.').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
