import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NinjaOne, ninjaCredentials, startNinjaOne } from '../../server/src/demo/simulators/ninjaone.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, dana, org, signIn } from './house.ts';

const viewer = { name: 'Vera', email: 'vera@club.example', password: 'looks but does not touch 1' };

describe('sources', () => {
  let browser: Browser;
  let house: TestApp;
  let ninja: NinjaOne;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    const env = { ADMIN_EMAIL: dana.email, ADMIN_PASSWORD: dana.password, ALERT_CHECK_INTERVAL: '0.5' };
    [browser, house, ninja] = await Promise.all([
      launchChromium(),
      testApp({ work: true, listen: true, env }),
      startNinjaOne(),
    ]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    for (const bay of [1, 2, 3]) {
      await addDevice(house, 'dartmouth', `bay-${bay}-pc`, `Bay ${bay} PC`);
      ninja.devices.push({ id: 4100 + bay, offline: false, displayName: `BAY-${bay}-PC` });
    }
    ninja.devices.push({ id: 5000, offline: false, displayName: 'FRONT-DESK' });
    await join(house, org, viewer, 'viewer');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
    await ninja[Symbol.asyncDispose]();
  });

  test('a source is connected and read, and its objects are confirmed, one by one, several at once and by choice', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Sources' }).click();
    await page.getByText('Connect a third party.').waitFor();
    await page.getByRole('link', { name: 'Add a source' }).click();
    await page.getByRole('link', { name: /^NinjaOne/ }).click();

    await page.getByRole('button', { name: 'Add the source' }).click();
    await page.getByText('Four fields need another look.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('NinjaOne');
    await page.getByLabel('Client id').fill(ninjaCredentials.client_id);
    await page.getByLabel('Client secret').fill(ninjaCredentials.client_secret);
    await page.locator('summary').click();
    await page.getByLabel('Address').fill(ninja.url);
    await page.getByLabel('Every').fill('15s');
    await page.getByLabel('Failed readings in a row until one alert').fill('1');
    await expectAccessible(page, 'the form of a source');
    await page.getByRole('button', { name: 'Add the source' }).click();

    await page.getByRole('heading', { level: 1, name: /^NinjaOne / }).waitFor();
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.getByRole('list', { name: /Every step of this run/ }).waitFor();
    await page.getByRole('region', { name: 'Look like a device of yours: 3' }).waitFor();
    await page.getByRole('link', { name: 'bay-1-pc', exact: true }).waitFor();
    await expectAccessible(page, 'the page of a source');

    await page.getByRole('button', { name: 'Link BAY-1-PC to bay-1-pc' }).click();
    await page.getByRole('region', { name: 'Linked: 1' }).getByText('BAY-1-PC', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Select all suggestions' }).click();
    await page.getByRole('button', { name: 'Link 2 selected' }).click();
    await page.getByRole('region', { name: 'Linked: 3' }).waitFor();
    await page.getByRole('button', { name: 'Choose a device: FRONT-DESK' }).click();
    const dialog = page.getByRole('dialog', { name: 'Which device is FRONT-DESK?' });
    await dialog.getByRole('button', { name: 'Link' }).click();
    await dialog.getByText('Please choose one from the list.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('button', { name: 'Unlink BAY-3-PC from bay-3-pc' }).click();
    await page.getByRole('region', { name: 'Linked: 2' }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Unlinked: BAY-3-PC' })
      .getByRole('button', { name: 'Undo' })
      .click();
    await page.getByRole('region', { name: 'Linked: 3' }).waitFor();

    await page.getByRole('link', { name: 'bay-1-pc', exact: true }).click();
    const witnesses = page.getByRole('region', { name: 'Who says so' });
    await witnesses.getByRole('link', { name: /NinjaOne/ }).waitFor();
    await witnesses.getByText('Online').first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a silent source is reported calmly, and a change of its address requires the secret again', async () => {
    ninja.fail({ kind: 'status', status: 503 });
    const { page, context, complaints } = await visit(browser, { baseURL: house.url, viewport: phone });
    await signIn(page);
    await page.goto(`/o/${org}/sources/ninjaone`);
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.getByRole('heading', { level: 1, name: 'NinjaOne is silent.' }).waitFor({ timeout: 60_000 });
    await page.getByText(/Its last report stops counting/).waitFor();
    await page.getByText(/then unknown, never offline/).waitFor();
    await expectAccessible(page, 'the page of a silent source');
    const alerts = (await house.call('GET', `/api/v1/${org}/alerts?status=active`)).body.data;
    expect(alerts).toHaveLength(1);

    ninja.heal();
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.getByRole('heading', { level: 1, name: 'NinjaOne answers.' }).waitFor({ timeout: 60_000 });

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Address').fill('http://127.0.0.1:9');
    await page.getByText('The address has changed, so its secret is needed again.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Please enter it again: the address has changed.').waitFor();
    await page.getByRole('link', { name: 'Cancel' }).click();

    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete NinjaOne?' });
    await dialog.getByText(/Three checks lose this source/).waitFor();
    await expectAccessible(page, 'the question before a source goes');
    await dialog.getByRole('button', { name: 'Delete the source' }).click();
    await page.getByText('Connect a third party.').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a new source that fails says so after its first reading, long before it counts as down', async () => {
    const body = { slug: 'far', name: 'Far away', kind: 'ninjaone', interval: 15, alert_after_failures: 5 };
    const config = { ...ninjaCredentials, base_url: ninja.url, client_secret: 'wrong' };
    const made = await house.call('POST', `/api/v1/${org}/sources`, { body: { ...body, config } });
    expect(made.status).toBe(201);
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/sources/far`);
    const heading = page.getByRole('heading', { level: 1, name: 'Far away could not be read yet.' });
    await heading.waitFor({ timeout: 60_000 });
    await page.getByText('It does not accept the client id and secret.').waitFor();
    await page.getByText(/^Tried [12] of 5 times before it counts as down/).waitFor();
    await page.getByText(/^Failing for/).waitFor();
    await expectAccessible(page, 'the page of a new source that fails');
    await page.goto(`/o/${org}/sources`);
    await page.getByRole('heading', { level: 1, name: 'One new source could not be read yet.' }).waitFor();
    await page.getByText(/^Tried [1-3] of 5 times/).waitFor();
    expect((await house.call('GET', `/api/v1/${org}/alerts?status=active`)).body.data).toEqual([]);
    expect((await house.call('DELETE', `/api/v1/${org}/sources/far`)).status).toBe(204);
    await context.close();
  });

  test('a viewer sees sources, and is offered no action that would be refused', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page, viewer);
    await page.goto(`/o/${org}/sources`);
    await page.getByText('Connect a third party.').waitFor();
    expect(await page.getByRole('link', { name: 'Add a source' }).count()).toBe(0);
    await page.goto(`/o/${org}/sources/new`);
    await page.getByText(/Your role does not allow/).waitFor();
    await context.close();
  });
});
