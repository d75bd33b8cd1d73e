import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { type TestApp, testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { join } from '../support/people.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, dana, org, signIn } from './house.ts';

const viewer = { name: 'Vera', email: 'vera@club.example', password: 'looks but does not touch 1' };

describe('checks', () => {
  let browser: Browser;
  let house: TestApp;
  let shop: Awaited<ReturnType<typeof startLoopbackServer>>;
  let isWell = true;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    const env = { ADMIN_EMAIL: dana.email, ADMIN_PASSWORD: dana.password, ALERT_CHECK_INTERVAL: '0.5' };
    [browser, house] = await Promise.all([launchChromium(), testApp({ work: true, listen: true, env })]);
    shop = await startLoopbackServer((_request, response) =>
      response.writeHead(isWell ? 200 : 503).end(JSON.stringify({ status: 'ok' })),
    );
    await addSite(house, 'dartmouth', 'Dartmouth');
    await addDevice(house, 'dartmouth', 'bay-1', 'Bay 1 PC');
    await join(house, org, viewer, 'viewer');
  });
  afterAll(async () => {
    await browser.close();
    await shop[Symbol.asyncDispose]();
    await house.close();
  });

  test('a check is made from its kind, run by hand, and is seen live going down and coming back', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/checks`);
    await page.getByText('There are no checks yet.').waitFor();
    await page.getByRole('link', { name: 'Add a check' }).click();
    await page.getByRole('heading', { level: 1, name: 'What should be checked?' }).waitFor();
    await page.getByRole('link', { name: /^HTTP/ }).click();

    await page.getByRole('button', { name: 'Add the check' }).click();
    await page.getByText('Three fields need another look.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Web shop');
    await page.getByLabel('URL').fill(`http://127.0.0.1:${shop.port}/health`);
    await page.getByRole('group', { name: 'JSON of the answer' }).getByRole('button').click();
    await page.getByLabel('Path 1').fill('$.status');
    await page.getByLabel('Equals 1').fill('ok');
    await page.getByText('Empty: 1m, the default.').waitFor();
    await page.getByLabel('Device').fill('Bay 1 PC (bay-1)');
    await page.getByLabel('Every').fill('1s');
    await page.getByLabel('Failed runs in a row until it is down').fill('1');
    await expectAccessible(page, 'the form of a check');
    await page.getByRole('button', { name: 'Add the check' }).click();

    await page.getByRole('heading', { level: 1, name: 'Web shop is up.' }).waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('list', { name: /Every step of this run/ }).waitFor();
    await page.getByRole('img', { name: /Time of .* by phase/ }).waitFor();
    await expectAccessible(page, 'the page of a check');

    isWell = false;
    await page.getByRole('heading', { level: 1, name: 'Web shop is down.' }).waitFor();
    await page.getByRole('article', { name: /Web shop is down/ }).waitFor();
    isWell = true;
    await page.getByRole('heading', { level: 1, name: 'Web shop is up.' }).waitFor();

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Shop');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Shop is up.' }).waitFor();
    const { body } = await house.call('GET', `/api/v1/${org}/checks/web-shop`);
    expect(body).toMatchObject({
      name: 'Shop',
      device: 'bay-1',
      interval: 1,
      alert_after_failures: 1,
      overrides: ['interval', 'alert_after_failures'],
      config: { json: [{ path: '$.status', equals: 'ok' }] },
    });

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Shop', exact: true }).waitFor();
    await expectAccessible(page, 'the list of checks');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a check that waits for pings shows the line to paste, and the ping that came', async () => {
    const body = { slug: 'backup', name: 'Backup', kind: 'ping', config: { period: 3_600 } };
    const { ping_url: url } = (await house.call('POST', `/api/v1/${org}/checks`, { body })).body;
    const { page, context } = await visit(browser, { baseURL: house.url, viewport: phone });
    await signIn(page);
    await page.goto(`/o/${org}/checks/backup`);
    await page.getByText('It has not been called yet.').waitFor();
    await page.getByText(`curl -fsS -m 10 --retry 5 -o /dev/null ${url}`).first().waitFor();
    expect(
      (await fetch(house.url + new URL(url).pathname, { method: 'POST', body: 'all is well' })).status,
    ).toBe(200);
    await page.getByRole('heading', { level: 1, name: 'Backup is up.' }).waitFor();
    await page.getByText('all is well').waitFor();
    await expectAccessible(page, 'a check that is waited for');
    await context.close();
  });

  test('a check from a variable of the server offers no action that would be refused', async () => {
    const env = { ADMIN_EMAIL: dana.email, ADMIN_PASSWORD: dana.password };
    const database = await testDatabase();
    await using _database = { [Symbol.asyncDispose]: () => database.close() };
    const path = `/o/${org}/checks/api-server`;
    {
      const url = `http://127.0.0.1:${shop.port}/health`;
      await using named = await testApp({ database, listen: true, env: { ...env, API_URL: url } });
      const { page, context, complaints } = await visit(browser, { baseURL: named.url });
      await signIn(page);
      await page.goto(path);
      await page.getByText('Set by the server').first().waitFor();
      await page.getByRole('button', { name: 'Run now' }).waitFor();
      expect(await page.getByRole('button', { name: /Switch|Delete/ }).count()).toBe(0);
      await expectAccessible(page, 'a check of the server');

      await page.getByRole('link', { name: 'Edit' }).click();
      await page.getByText(/A variable of the server decides its address/).waitFor();
      expect(await page.getByLabel('URL').count()).toBe(0);
      expect(await page.getByText(/When off, it does not run/).count()).toBe(0);
      await page.getByLabel('Name', { exact: true }).fill('Shop API');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { level: 1, name: /^Shop API/ }).waitFor();
      const { body } = await named.call('GET', `/api/v1/${org}/checks/api-server`);
      expect(body).toMatchObject({ name: 'Shop API', enabled: true, config: { url } });
      await page.goto(`/o/${org}/checks`);
      await page.getByText('Set by the server').first().waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    }
    await using gone = await testApp({ database, listen: true, env });
    const { page, context } = await visit(browser, { baseURL: gone.url });
    await signIn(page);
    await page.goto(path);
    await page.getByRole('button', { name: 'Delete' }).waitFor();
    expect(await page.getByRole('button', { name: /Switch/ }).count()).toBe(0);
    await context.close();
  });

  test('a viewer sees checks, and is offered no action that would be refused', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url, viewport: phone, theme: 'dark' });
    await signIn(page, viewer);
    await page.goto(`/o/${org}/checks?by=kind`);
    await page.getByRole('link', { name: 'Backup' }).click();
    await page.getByText('Its address is shown to those who may change checks.').waitFor();
    expect(await page.getByRole('button', { name: /Run now|Switch|Delete/ }).count()).toBe(0);
    await page.goto(`/o/${org}/checks/new`);
    await page.getByText(/Your role does not allow you to add sites and devices/).waitFor();
    await context.close();
  });
});
