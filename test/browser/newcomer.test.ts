import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBootstrap } from '#modules/identity';
import { type TestApp, testApp } from '../support/app.ts';
import { expectAccessible, launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { dana } from './house.ts';

describe('a newcomer', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), testApp({ work: true, listen: true })]);
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test('gets from the set-up link to the first heartbeat of a device, with the pages alone', async () => {
    const { setupLink } = await ensureBootstrap(house.ctx);
    const token = new URL(setupLink?.url ?? '').searchParams.get('token') ?? '';
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });

    await becomeOwner(page, token);
    await addSite(page);
    const curl = await addDevice(page);
    await sendHeartbeat(house, curl);

    await page.getByText('The first heartbeat has arrived.').waitFor();
    await page.getByRole('link', { name: 'Open the device' }).click();
    await page.getByRole('heading', { level: 1, name: 'Bay 4 PC is online.' }).waitFor();
    await page.getByRole('img', { name: /Seconds between heartbeats/ }).waitFor();
    await expectAccessible(page, 'the device page');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('sees that the set-up link was used, and signs in instead', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    await page.goto('/setup?token=whatever');
    await page.getByRole('heading', { name: 'Watchkeeper is already set up.' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();

    await page.getByLabel('E-mail').fill(dana.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('E-mail or password is not right.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(dana.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await context.close();
  });

  test('without a session is led to the sign-in page, then to the page of the link', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    await page.goto('/o/default/sites/dartmouth');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail').fill(dana.email);
    await page.getByLabel('Password', { exact: true }).fill(dana.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: /^Dartmouth/ }).waitFor();
    await context.close();
  });
});

async function becomeOwner(page: Page, token: string): Promise<void> {
  await page.goto(`/setup?token=${token}`);
  await expectAccessible(page, 'the set-up page');
  await page.getByLabel('Your name').fill(dana.name);
  await page.getByLabel('E-mail').fill(dana.email);
  await page.getByLabel('Password', { exact: true }).fill(dana.password);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nothing is being watched yet.' }).waitFor();
  await expectAccessible(page, 'the overview of an empty house');
}

async function addSite(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Add a site' }).click();
  await page.getByLabel('Name').fill('Dartmouth');
  expect(await page.getByLabel('Slug').inputValue()).toBe('dartmouth');
  await page.getByLabel('Time zone').selectOption('America/Halifax');
  await expectAccessible(page, 'the form for a site');
  await page.getByRole('button', { name: 'Add the site' }).click();
  await page.getByRole('heading', { level: 1, name: 'Dartmouth' }).waitFor();
}

/** Returns the command that the page shows. */
async function addDevice(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Add a device' }).first().click();
  await page.getByLabel('Name').fill('Bay 4 PC');
  await page.getByRole('button', { name: 'Add the device' }).click();
  await page.getByText('Listening for the first heartbeat.').waitFor();
  await expectAccessible(page, 'the page with the token');
  // The command of the page repeats by itself; the test sends one heartbeat by hand.
  expect(await page.locator('pre', { hasText: 'watchkeeper-bay-4-pc.timer' }).count()).toBe(1);
  await page.getByLabel('The device is').selectOption('tested once, by hand');
  return (await page.locator('pre', { hasText: 'curl' }).textContent()) ?? '';
}

/** Does what the command does, so that the tests need no curl. */
async function sendHeartbeat(house: TestApp, curl: string): Promise<void> {
  const [, token] = /Bearer (\S+)'/.exec(curl) ?? [];
  const [, body] = /-d '(.*)'$/.exec(curl) ?? [];
  const answer = await house.call('POST', '/heartbeat', {
    token: token ?? null,
    body: JSON.parse(body ?? 'null'),
  });
  expect(answer.status).toBe(202);
}
