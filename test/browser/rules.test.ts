import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, dana, org, signIn } from './house.ts';

const viewer = { name: 'Vera', email: 'vera@club.example', password: 'looks but does not touch 1' };

describe('rules', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    const env = { ADMIN_EMAIL: dana.email, ADMIN_PASSWORD: dana.password };
    [browser, house] = await Promise.all([launchChromium(), testApp({ work: true, listen: true, env })]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    const beat = await addDevice(house, 'dartmouth', 'bay-1', 'Bay 1 PC');
    await beat();
    await join(house, org, viewer, 'viewer');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test('a rule is made from a template, tested on past data, and switched on; undo switches it off again', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/rules`);
    await page.getByRole('heading', { level: 1, name: /rules are switched on/ }).waitFor();
    await expectAccessible(page, 'the list of rules');
    await page.getByRole('link', { name: 'Add a rule' }).click();
    await page.getByRole('heading', { level: 1, name: 'What should be watched?' }).waitFor();
    await expectAccessible(page, 'the choice of templates');
    await page.getByRole('link', { name: /^Sync lag/ }).click();

    // The device reports a CPU usage of 31 %.
    await page.getByLabel('Name').fill('Busy');
    await page.getByLabel('Metric').fill('cpu_usage');
    await page.getByLabel('Threshold').fill('lots');
    await page.getByText('Please enter a number.').waitFor();
    await page.getByRole('button', { name: 'Test it on past data' }).click();
    await page.getByText('First correct the fields that are marked.').waitFor();
    await page.getByLabel('Threshold').fill('30');
    await page.getByLabel('Alert type').fill('busy');
    await page.getByRole('button', { name: 'Test it on past data' }).click();
    await page.getByText('Would have fired once in the last 7 days.').waitFor();
    await page.getByRole('img', { name: /CPU usage.*would have fired/ }).waitFor();
    await page.getByText('Bay 1 PC').first().waitFor();
    await expectAccessible(page, 'the form of a rule with its trial');

    await page.getByRole('button', { name: 'Add, switched off' }).click();
    await page.getByRole('heading', { level: 1, name: 'Busy' }).waitFor();
    await page.getByText('Would have fired once in the last 7 days.').waitFor();
    const saved = page.waitForResponse((response) => response.request().method() === 'PUT');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByRole('button', { name: 'Switch off' }).waitFor();
    expect((await saved).status()).toBe(200);
    await page.getByText('On: no → yes').waitFor();
    await expectAccessible(page, 'the page of a rule');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('On: yes → no').waitFor();
    const { data } = (await house.call('GET', `/api/v1/${org}/rules?type=busy`)).body;
    expect(data).toMatchObject([{ enabled: false, version: 3, config: { metric: 'cpu_usage' } }]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('an edit that conflicts with another one asks, and keeps both', async () => {
    const [rule] = (await house.call('GET', `/api/v1/${org}/rules?type=refund_spike`)).body.data;
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/rules/${rule.id}/edit`);
    await page.getByLabel('Minimum samples').fill('9');

    const { name, kind, config } = rule;
    const body = { name, kind, config, severity: 'critical' };
    expect((await house.call('PUT', `/api/v1/${org}/rules/${rule.id}`, { body })).status).toBe(200);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else changed this rule in the meantime.').waitFor();
    await page.getByText('Severity: Medium → Critical').waitFor();
    await expectAccessible(page, 'the question whose change counts');
    await page.getByRole('button', { name: 'Save my changes over theirs' }).click();
    // Exact, because the form's own heading contains the name.
    await page.getByRole('heading', { level: 1, name: 'Refunds', exact: true }).waitFor();
    const after = (await house.call('GET', `/api/v1/${org}/rules/${rule.id}`)).body;
    expect(after).toMatchObject({ severity: 'critical', config: { minimum_samples: 9 }, version: 3 });
    await context.close();
  });

  test('a viewer sees rules on a phone, and is offered no action that would be refused', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url, viewport: phone, theme: 'dark' });
    await signIn(page, viewer);
    await page.goto(`/o/${org}/rules`);
    await page.getByRole('link', { name: 'Device offline' }).waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Add a rule' }).count()).toBe(0);
    await expectAccessible(page, 'the list of rules for a viewer');
    await page.getByRole('link', { name: 'Device offline' }).click();
    await page.getByRole('heading', { level: 1, name: 'Device offline' }).waitFor();
    await page.getByText(/in the last 7 days\./).waitFor();
    expect(await page.getByRole('button', { name: /Switch|Delete/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: /^(Edit|Clone)$/ }).count()).toBe(0);
    await page.goto(`/o/${org}/rules/new`);
    await page.getByText(/Your role does not allow you to change rules/).waitFor();
    await context.close();
  });
});
