import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectInstallation, collectProcess } from '#modules/operations';
import type { TestApp } from '../support/app.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, openHouse, org, signIn } from './house.ts';

describe('the system page', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    await (await addDevice(house, 'dartmouth', 'till', 'Till'))();
    await collectProcess(house.ctx);
    await collectInstallation(house.ctx);
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test('shows services with their history, hosts, requests, database and agents', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.getByRole('navigation').getByRole('link', { name: 'System' }).click();
    await page.waitForURL(/\/system$/);
    const services = page.getByRole('region', { name: 'Services of Watchkeeper itself' });
    await services.getByText('Database').click();
    await services.getByText('90 days').waitFor();
    await services.getByRole('table', { name: 'History of Database' }).waitFor();
    await page
      .getByRole('region', { name: /^Host / })
      .getByRole('img', { name: /^Memory/ })
      .waitFor();
    await page.getByRole('region', { name: /^Requests to Watchkeeper on / }).waitFor();
    await page.getByRole('table', { name: 'Largest tables' }).waitFor();
    await page.getByRole('region', { name: 'Agents' }).getByRole('link', { name: 'Till' }).waitFor();
    await page.getByText('24 hours', { exact: true }).last().click();
    await page.waitForURL(/range=24h/);
    await expectAccessible(page, 'the system page');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a setting is changed on a phone, shows who set it, and is reset', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url, viewport: phone });
    await signIn(page);
    await page.goto(`/o/${org}/system`);
    const form = page.getByRole('region', { name: 'Monitoring settings' });
    const cpu = form.getByLabel('CPU', { exact: true });
    await cpu.fill('800');
    await form.getByText('A number from 0 to 100.').waitFor();
    await cpu.fill('65');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText(/^Set by dana, /i).waitFor();
    expect(house.ctx.config.thresholds.cpuPercent).toBe(65);
    await form.getByRole('button', { name: 'CPU: back to 80 %' }).click();
    await form.getByText('Default (CPU_USAGE_THRESHOLD is not set)').waitFor();
    expect(house.ctx.config.thresholds.cpuPercent).toBe(80);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
