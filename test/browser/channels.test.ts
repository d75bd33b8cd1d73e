import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { type HttpReceiver, httpReceiver } from '../support/receivers.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { dana, org, signIn } from './house.ts';

const viewer = { name: 'Vera', email: 'vera@club.example', password: 'looks but does not touch 1' };

describe('channels', () => {
  let browser: Browser;
  let house: TestApp;
  let receiver: HttpReceiver;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    receiver = await httpReceiver();
    const env = {
      ADMIN_EMAIL: dana.email,
      ADMIN_PASSWORD: dana.password,
      WEBHOOK_URLS: `${receiver.url}/environment`,
    };
    [browser, house] = await Promise.all([launchChromium(), testApp({ work: true, listen: true, env })]);
    await join(house, org, viewer, 'viewer');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
    await receiver[Symbol.asyncDispose]();
  });

  test("a channel is added and tested, and the page keeps the receiver's real answer", async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/channels`);
    await page.getByRole('link', { name: 'Add a channel' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'How should people be told?' }).waitFor();
    await expectAccessible(page, 'the choice of kinds');
    await page.getByRole('link', { name: /^Webhook/ }).click();
    await page.getByLabel('Name').fill('Night shift');
    await page.getByLabel('URL').fill('hooks.example.com');
    await page.getByText('Begin with https:// or http://.').waitFor();

    // A fault that only the server finds also stands at its field.
    await page.getByLabel('URL').fill('http://10.0.0.1/hook');
    await page.getByRole('button', { name: 'Add the channel' }).click();
    await page.getByText(/private|not allowed|10\.0\.0\.1/).waitFor();
    await expectAccessible(page, 'the form with a mistake that the server found');
    await page.getByLabel('URL').fill(`${receiver.url}/hook`);
    await page.getByRole('button', { name: 'Add the channel' }).click();
    await page.getByRole('heading', { level: 1, name: 'Night shift is added.' }).waitFor();
    expect(await page.locator('pre').first().textContent()).toMatch(/^whsec_/);

    receiver.answer = { status: 418, body: 'I am a teapot' };
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('Refused', { exact: true }).waitFor();
    await page.getByText('HTTP 418: I am a teapot').waitFor();
    await page.getByText(/status 418 · \d/).waitFor();
    receiver.answer = { status: 200, body: 'thank you' };
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('It arrived').waitFor();
    await page.getByText('HTTP 200: thank you').waitFor();
    expect(receiver.received.map((request) => request.path)).toEqual(['/hook', '/hook']);
    await expectAccessible(page, 'a new channel with its test');

    await page.getByRole('link', { name: 'Open' }).click();
    await page.getByText('Set. Leave empty to keep it.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Signing secret' }).inputValue()).toBe('');
    await page.getByText('High', { exact: true }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('from High on').waitFor();
    await page.getByRole('button', { name: 'Replace the signing secret' }).click();
    await page.getByRole('button', { name: 'Replace it' }).click();
    await page.getByRole('heading', { name: 'The new signing secret' }).waitFor();
    await expectAccessible(page, 'the page of a channel');
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
    await context.close();
  });

  test('a Slack channel with a signing secret shows the address that Slack calls', async () => {
    const config = {
      webhook_url: `${receiver.url}/slack`,
      signing_secret: '8f742231b10e8888abcd99yyyzzz85a5',
    };
    const made = await house.call('POST', `/api/v1/${org}/channels`, {
      body: { kind: 'slack', name: 'Slack with buttons', config },
    });
    const { page, context, complaints } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/channels/${made.body.id}`);
    await page.getByRole('heading', { name: 'Buttons in its messages' }).waitFor();
    await page.getByText(`/api/v1/inbound/slack/${made.body.id}`).waitFor();
    expect(await page.getByLabel('Signing secret').inputValue()).toBe('');
    await expectAccessible(page, 'a Slack channel with buttons');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a channel from the environment says so, and can neither be changed nor deleted', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    await page.goto(`/o/${org}/channels`);
    await page.getByText('Set by the server').waitFor();
    await page.getByRole('link', { name: /\(environment\)/ }).click();
    await page.getByText(/Variables of the server decide its settings/).waitFor();
    expect(await page.getByLabel('URL').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await page.getByLabel('Name').fill('The office');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'The office' }).waitFor();
    await context.close();
  });

  test('a viewer sees channels on a phone, and can change nothing', async () => {
    const { page, context } = await visit(browser, { baseURL: house.url, viewport: phone, theme: 'dark' });
    await signIn(page, viewer);
    await page.goto(`/o/${org}/channels`);
    await page.getByRole('link', { name: /The office|environment/ }).waitFor();
    expect(await page.getByRole('link', { name: 'Add a channel' }).count()).toBe(0);
    await expectAccessible(page, 'the list of channels for a viewer');
    await page.getByRole('link', { name: /The office|environment/ }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await page.getByRole('button', { name: /Save|Send a test|Delete|Replace/ }).count()).toBe(0);
    await page.goto(`/o/${org}/channels/new`);
    await page.getByText(/Your role does not allow you to change channels/).waitFor();
    await context.close();
  });
});
