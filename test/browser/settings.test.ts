import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, openHouse, org, signIn } from './house.ts';

const vera = { email: 'vera@club.example', password: 'looks but does not touch 1' };
const settings = `/o/${org}/settings`;

describe('the settings', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    await addDevice(house, 'dartmouth', 'till', 'Till');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test('invite a member with a link shown once; the member then sees the limits of the role', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`${settings}/members`);
    await page.getByRole('heading', { level: 1, name: 'One person is a member.' }).waitFor();
    await page.getByText('The last owner cannot leave').waitFor();
    const rename = page.getByRole('row', { name: /rename the organization/ });
    expect(await rename.getByRole('cell').allTextContents()).toEqual(['yes', 'no–', 'no–', 'no–']);

    await page.getByRole('button', { name: 'Invite a member' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill(vera.email);
    await dialog.getByLabel('Name').fill('Vera');
    await dialog.getByLabel('Role').selectOption({ label: 'Viewer' });
    await expectAccessible(page, 'the invitation');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    const link = await dialog.getByText(/set-password\?token=/).textContent();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText(/invited, until/).waitFor();
    await page.getByRole('heading', { level: 1, name: 'One person is a member.' }).waitFor();

    const { page: hers, context: herContext } = await visit(browser, { baseURL: house.url });
    await hers.goto(new URL(link ?? '').pathname + new URL(link ?? '').search);
    await hers.getByRole('heading', { name: 'Join Default' }).waitFor();
    await expectAccessible(hers, 'the page of an invitation');
    await hers.getByLabel('New password').fill(vera.password);
    await hers.getByRole('button', { name: 'Save and sign in' }).click();
    await hers.waitForURL(/\/o\//);
    await expectNothingToChange(hers);
    await herContext.close();
    await page.getByRole('heading', { level: 1, name: 'Two people are members.' }).waitFor();

    await page.getByLabel('Role of Vera').selectOption({ label: 'Operator' });
    await page.getByText('Vera is an operator now.').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Vera is a viewer now.').first().waitFor();
    await waitFor(
      'the list to say so, too',
      async () => (await page.getByLabel('Role of Vera').inputValue()) === 'viewer',
    );
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('make a key that works until it is revoked', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`${settings}/api-keys`);
    await page.getByRole('button', { name: 'Create a key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What is it for?').fill('Nightly export');
    await dialog.getByLabel('read the audit log').check();
    await dialog.getByText('30 days').click();
    await expectAccessible(page, 'the form of a key');
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    const key = (await dialog.getByText(/^wk_/).textContent()) ?? '';
    await dialog.getByRole('button', { name: 'I have it' }).click();

    const use = async (path: string, method: 'GET' | 'POST' = 'GET') =>
      (await house.call(method, `/api/v1/${org}${path}`, { token: key })).status;
    expect(await use('/sites')).toBe(200);
    expect(await use('/audit')).toBe(200);
    expect(await use('/api-keys')).toBe(403);

    await page.reload();
    await page.getByText('last used').first().waitFor();
    await page.getByRole('button', { name: 'Revoke Nightly export' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Nightly export is revoked.').first().waitFor();
    await page.getByRole('heading', { level: 1, name: 'No API keys.' }).waitFor();
    expect(await use('/sites')).toBe(401);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('export the setup, show the difference before a changed import, and record it in the audit', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`${settings}/import-export`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download watchkeeper.yaml' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text).toContain('slug: dartmouth');

    const paste = page.getByLabel('Or paste it');
    const preview = page.getByRole('button', { name: 'Show the difference' });
    await paste.fill(text);
    await preview.click();
    await page.getByText('Nothing to do: everything matches the file already.').waitFor();

    await paste.fill('sites:\n  - slug: perth\n    name: Perth\n    timezone: Nowhere/Land\n');
    await preview.click();
    await page.getByText('Line 4').waitFor();

    await paste.fill(
      text
        .replace('name: Till', 'name: Main till')
        .replace('\nsites:\n', '\nsites:\n  - slug: perth\n    name: Perth\n    timezone: Australia/Perth\n'),
    );
    await preview.click();
    const difference = page.getByRole('region', { name: 'What would change' });
    await difference.getByText(/^1 to add, 1 to change, 0 to remove/).waitFor();
    expect(await difference.getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/^AddSiteperth.*Australia\/Perth/),
      expect.stringMatching(/^ChangeDevicetill.*Till → Main till$/),
    ]);
    await expectAccessible(page, 'the difference');
    expect((await house.call('GET', `/api/v1/${org}/sites/perth`)).status).toBe(404);
    await difference.getByRole('button', { name: 'Apply it' }).click();
    await page.getByText('Two changes are made.').waitFor();
    expect((await house.call('GET', `/api/v1/${org}/sites/perth`)).status).toBe(200);

    await page.goto(`${settings}/audit?what=device`);
    const entry = page.getByRole('listitem').filter({ hasText: 'changed a device' });
    await entry.getByText('dana').click();
    await entry.getByRole('row', { name: /name\s+Till\s+Main till/ }).waitFor();
    await expectAccessible(page, 'the audit log');
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'sites' });
    await page.waitForURL(/what=site$/);
    await page.getByText('added a site').first().waitFor();

    const csv = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export as CSV' }).click();
    expect(await readFile(await (await csv).path(), 'utf8')).toMatch(/,site\.created,site,[^,]+,perth,/);
    await page.goto(`${settings}/audit?what=audit`);
    await page.getByText('exported the audit log').waitFor();
    // The wrong file was refused with 400, which the browser's console logs.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
    await context.close();
  });

  test('add and change device types, and delete those that no device uses', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url, viewport: phone });
    await signIn(page);
    await page.goto(settings);
    await page.getByRole('link', { name: /^Device types/ }).click();
    await page.getByRole('button', { name: 'Add a device type' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ball machine');
    expect(await dialog.getByLabel('Slug').inputValue()).toBe('ball-machine');
    await dialog.getByLabel('Check every').fill('120');
    await expectAccessible(page, 'the form of a device type');
    await dialog.getByRole('button', { name: 'Add the type' }).click();
    await page.getByText(/Checked every 2 min\. An alert after 3 failures/).waitFor();

    await page.getByRole('button', { name: 'Edit Ball machine' }).click();
    await dialog.getByLabel('Failures until an alert').fill('5');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Checked every 2 min\. An alert after 5 failures/).waitFor();

    // Somebody else was quicker: their change is not overwritten.
    await page.getByRole('button', { name: 'Edit Ball machine' }).click();
    const address = `/api/v1/${org}/device-types/ball-machine`;
    const { name, check_interval, timeout, alert_after_failures, recover_after_successes, check_method } = (
      await house.call('GET', address)
    ).body;
    const body = {
      name,
      check_interval,
      timeout,
      alert_after_failures,
      recover_after_successes,
      check_method,
    };
    const theirs = await house.call('PUT', address, { body: { ...body, retries: 4 } });
    expect(theirs.status).toBe(200);
    await dialog.getByLabel('Failures until an alert').fill('7');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Load the present version' }).click();
    await page.getByRole('button', { name: 'Edit Ball machine' }).click();
    expect(await dialog.getByLabel('Failures until an alert').inputValue()).toBe('5');
    expect(await dialog.getByLabel('Retries').inputValue()).toBe('4');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Delete Ball machine' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Ball machine is deleted.').first().waitFor();
    // The browser logs the refused write.
    expect(complaints.filter((text) => !text.includes('412'))).toEqual([]);
    await context.close();
  });

  test('show where a person is signed in, and sign out everywhere else', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    const { page: other, context: otherContext } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await signIn(other);
    await page.goto(`${settings}/sessions`);
    await page.getByText('(this one)').waitFor();
    await expectAccessible(page, 'the sessions');
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page.getByRole('heading', { level: 1, name: 'You are signed in only here.' }).waitFor();
    await other.goto(`${settings}/sessions`);
    await other.waitForURL(/\/sign-in/);
    await otherContext.close();
    await context.close();
  });

  // Last, because a person with several organizations must choose one after signing in.
  test('let a person with an account accept an invitation, signed in and with its link, and decline another', async () => {
    const invite = async (slug: string, name: string): Promise<string> => {
      await house.call('POST', '/api/v1/orgs', { body: { slug, name } });
      const body = { email: vera.email, role: 'operator' };
      const invited = await house.call('POST', `/api/v1/orgs/${slug}/members`, { body });
      expect(invited.body.set_password).toBeNull();
      const link = new URL(invited.body.invitation.url);
      return link.pathname + link.search;
    };
    const link = await invite('second', 'Second Club');
    await invite('third', 'Third Club');
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await page.goto(link);
    await page.getByRole('heading', { name: 'Join Second Club' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail').fill(vera.email);
    await page.getByLabel('Password', { exact: true }).fill(vera.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.waitForURL(/\/o\/second/);
    await page.goto('/o/second/settings/sessions');
    const panel = page.getByRole('region', { name: 'Invitations to you' });
    await panel.getByText('Third Club').waitFor();
    await expectAccessible(page, 'the list of invitations');
    await panel.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('You declined to join Third Club.').first().waitFor();
    await panel.waitFor({ state: 'detached' });
    expect(complaints.filter((line) => !line.includes('401'))).toEqual([]);
    await context.close();
  });
});

/** No section shows a viewer a control that would be refused. */
async function expectNothingToChange(page: Page): Promise<void> {
  const changing = /Invite|Create|Revoke|Remove|Rename|Save$|Add |Edit|Delete|Apply|difference/;
  for (const section of ['organization', 'members', 'api-keys', 'device-types', 'audit', 'import-export']) {
    await page.goto(`${settings}/${section}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
    const main = page.getByRole('main');
    expect(await main.getByRole('button', { name: changing }).count(), section).toBe(0);
    expect(await main.getByRole('link', { name: /^Edit|^Add/ }).count(), section).toBe(0);
    expect(await main.getByRole('combobox', { name: /^Role/ }).count(), section).toBe(0);
  }
  await page.goto(`${settings}/api-keys`);
  await page.getByText('Your role does not allow you to manage API keys.').waitFor();
  await page.goto(`${settings}/audit`);
  await page.getByText('Your role does not allow you to read the audit log.').waitFor();
}
