import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, keepAlive, openHouse, org, signIn } from './house.ts';

describe('an operator', () => {
  let browser: Browser;
  let house: TestApp;
  let rest: () => Promise<void>;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    rest = keepAlive(await addDevice(house, 'dartmouth', 'till', 'Till'), 400);
  });
  afterAll(async () => {
    await rest();
    await browser.close();
    await house.close();
  });

  test('signs in, sees the alert arrive, acknowledges it, and sees it resolve, without a reload', async () => {
    const beat = await addDevice(house, 'dartmouth', 'bay-1', 'Bay 1 PC');
    await beat();
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);

    const headline = page.getByRole('heading', { level: 1 });
    await headline.getByText('One thing needs you at Dartmouth.').waitFor();
    await page.getByText(/^Live/).waitFor();
    const card = page.getByRole('article', { name: /Bay 1 PC/ });
    expect(await card.textContent()).toMatch(/No heartbeat for .* the limit is 2 s/);
    expect(
      await page
        .getByRole('link', { name: /Alerts/ })
        .first()
        .textContent(),
    ).toContain('1');
    await expectAccessible(page, 'the overview with an alert');

    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await headline.getByText('Nothing new. One thing is being handled.').waitFor();
    await card.getByText('Acknowledged by dana').waitFor();

    await beat();
    await headline.getByText('Nothing is wrong.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Reports again' }).first().waitFor();
    await expectAccessible(page, 'the overview when all is well');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('acknowledges from a phone in two taps, and resolves with a reason', async () => {
    const { id } = await silence(house, 'bay-2', 'Bay 2 PC');
    const { page, context, complaints } = await visit(browser, {
      baseURL: house.url,
      viewport: phone,
      theme: 'dark',
    });
    await signIn(page);
    // Like the link in a message, this names the alert, not the organization.
    await page.goto(`/alerts/${id}`);

    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged by dana').waitFor();
    expect(page.url()).toContain(`/o/${org}/alerts/${id}`);

    await page.getByRole('button', { name: 'Resolve' }).click();
    const dialog = page.getByRole('dialog', { name: 'Resolve this alert' });
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await dialog.getByText('Please say why in a few words.').waitFor();
    await expectAccessible(page, 'the dialog that asks for a reason');
    await dialog.getByLabel('What was the reason?').fill('The plug was pulled.');
    await dialog.getByRole('button', { name: 'Resolve' }).click();

    await page.getByText('Resolved', { exact: true }).first().waitFor();
    await page.getByText('The plug was pulled.').first().waitFor();
    await expectAccessible(page, 'a resolved alert');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('works with the keyboard alone', async () => {
    const { beat } = await silence(house, 'bay-3', 'Bay 3 PC');
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.getByRole('article', { name: /Bay 3 PC/ }).waitFor();

    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.getByText('Acknowledged by dana').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'One site watched.' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^Dartmouth/ }).waitFor();
    await beat();
    await context.close();
  });

  test('is told when the connection is lost; when it is back, the page shows what happened meanwhile', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.getByText(/^Live/).waitFor();

    await context.setOffline(true);
    await page.getByText('The connection is lost.').waitFor();
    const { beat } = await silence(house, 'bay-4', 'Bay 4 PC');
    expect(await page.getByRole('article', { name: /Bay 4 PC/ }).count()).toBe(0);

    await context.setOffline(false);
    await page.getByText('The connection is back.').first().waitFor();
    await page.getByRole('article', { name: /Bay 4 PC/ }).waitFor();
    await beat();
    await context.close();
  });

  test('sees an acknowledgement undone, with the reason, when it could not be sent', async () => {
    await silence(house, 'bay-5', 'Bay 5 PC');
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    const card = page.getByRole('article', { name: /Bay 5 PC/ });
    await card.waitFor();

    await context.setOffline(true);
    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await page
      .getByText(/The acknowledgement could not be saved/)
      .first()
      .waitFor();
    await card.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await context.close();
  });
});

/** Adds a device that sends one heartbeat and falls silent; returns its open alert. */
async function silence(house: TestApp, slug: string, name: string) {
  const beat = await addDevice(house, 'dartmouth', slug, name);
  await beat();
  const id = await waitFor(`an alert on ${name}`, async () => {
    const { body } = await house.call('GET', `/api/v1/${org}/alerts?status=open&device=${slug}`);
    const found: string | undefined = body.data[0]?.id;
    return found;
  });
  return { id, beat };
}
