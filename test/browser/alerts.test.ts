import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, keepAlive, openHouse, org, signIn } from './house.ts';

const viewer = { name: 'Vera', email: 'vera@club.example', password: 'looks but does not touch 1' };
const bays = ['bay-1', 'bay-2', 'bay-3'] as const;

describe('the inbox', () => {
  let browser: Browser;
  let house: TestApp;
  let rest: () => Promise<void>;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    rest = keepAlive(await addDevice(house, 'dartmouth', 'till', 'Till'), 400);
    const channel = { kind: 'console', name: 'The log', config: {} };
    expect((await house.call('POST', `/api/v1/${org}/channels`, { body: channel })).status).toBe(201);
    for (const bay of bays) await (await addDevice(house, 'dartmouth', bay, named(bay)))();
    await join(house, org, viewer, 'viewer');
    await waitFor('three silent bays', async () => ((await alerts('open')).length === 3 ? true : undefined));
  });
  afterAll(async () => {
    await rest();
    await browser.close();
    await house.close();
  });

  const named = (bay: string) => `Bay ${bay.slice(-1)} PC`;

  async function alerts(status: string): Promise<{ id: string; device_id: string }[]> {
    return (await house.call('GET', `/api/v1/${org}/alerts?status=${status}`)).body.data;
  }

  async function timelineOf(id: string | undefined): Promise<string[]> {
    const { body } = await house.call('GET', `/api/v1/${org}/alerts/${id}`);
    return body.timeline.map((entry: { kind: string }) => entry.kind);
  }

  test('lets a viewer read and filter, and offers no action that would be refused', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page, viewer);
    await page.goto(`/o/${org}/alerts`);
    await page.getByRole('article', { name: /Bay 2 PC/ }).waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Acknowledge|Resolve/ }).count()).toBe(0);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('a');
    await page.keyboard.press('r');
    expect(await page.getByRole('dialog').count()).toBe(0);

    await page.keyboard.press('/');
    await page.keyboard.type('bay 2');
    await page.getByRole('article', { name: /Bay 1 PC/ }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('q')).toBe('bay 2');
    await page.getByRole('link', { name: /Bay 2 PC/ }).click();
    await page.getByText(/Your role does not allow you to acknowledge and resolve alerts/).waitFor();
    expect(await alerts('open')).toHaveLength(3);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('saves its filter as a view, which opens by a link and from the list', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/alerts`);
    await page.getByLabel('Severity').selectOption('High');
    await page.getByLabel('Site', { exact: true }).selectOption('Dartmouth');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this view' });
    await dialog.getByLabel('Name').fill('Dartmouth tonight');
    await expectAccessible(page, 'the dialog that names a view');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: Dartmouth tonight').first().waitFor();
    const shared = new URL(page.url()).search;
    expect(shared).toBe('?severity=high&site=dartmouth');

    await page.goto(`/o/${org}/alerts?severity=low`);
    await page.getByText('Nothing matches these filters.').waitFor();
    await expectAccessible(page, 'the inbox when nothing matches');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Dartmouth tonight' }).click();
    await page.getByRole('article', { name: /Bay 1 PC/ }).waitFor();
    expect(new URL(page.url()).search).toBe(shared);
    await context.close();
  });

  test('acknowledges from a phone in two taps, beginning with the link in the message', async () => {
    const { page, context, complaints } = await visit(browser, {
      baseURL: house.url,
      viewport: phone,
      theme: 'dark',
    });
    await signIn(page);
    const alert = (await alerts('open')).find(({ device_id }) => device_id === 'bay-1');
    // The first tap: the link names the alert, not the organization.
    await page.goto(`/alerts/${alert?.id}`);
    await page.getByText('This device has no other alerts.').waitFor();
    // The second.
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged by dana').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await waitFor('the acknowledgement to be gone', async () =>
      (await alerts('open')).some(({ id }) => id === alert?.id) ? true : undefined,
    );
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor();
    expect(await timelineOf(alert?.id)).toEqual(['opened', 'acknowledged', 'unacknowledged']);
    await expectAccessible(page, 'an alert on a phone');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('resolves a selection with the keyboard alone, and undoes it', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/alerts`);
    await page.getByRole('article').nth(2).waitFor();
    for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await page.getByText('3 chosen').waitFor();
    await expectAccessible(page, 'the inbox with a selection');
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: 'Resolve 3 alerts' });
    await dialog.getByLabel('What was the reason?').waitFor();
    await page.keyboard.type('Power was off in the hall.');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Switched it on again.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Resolved 3 alerts.').first().waitFor();
    await page.keyboard.press('z');
    await page.getByText('3 alerts', { exact: true }).waitFor();
    for (const { id } of await waitFor('the alerts to be open again', async () => {
      const open = await alerts('open');
      return open.length === 3 ? open : undefined;
    }))
      expect((await timelineOf(id)).slice(-2)).toEqual(['resolved', 'reopened']);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
