import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { launchChromium, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, dana, org } from './house.ts';

/** A proxy that serves another page at the root and Watchkeeper below /watch, and strips the prefix or passes it on. */
async function startProxy(
  strips: boolean,
): Promise<{ server: Server; url: string; to: (target: string) => void }> {
  let target = '';
  const server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? '/';
    if (!/^\/watch(\/|\?|$)/.test(url)) return void outgoing.writeHead(404).end('another site');
    const path = strips ? url.slice('/watch'.length).replace(/^(?!\/)/, '/') : url;
    const onward = send(target + path, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe because a server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  function to(address: string): void {
    target = address;
  }
  return { server, url: `http://127.0.0.1:${port}/watch`, to };
}

describe.each([
  ['strips it', true],
  ['passes it on', false],
])('below a sub-path, behind a proxy that %s', (_, strips) => {
  let browser: Browser;
  let house: TestApp;
  let proxy: Awaited<ReturnType<typeof startProxy>>;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    proxy = await startProxy(strips);
    [browser, house] = await Promise.all([
      launchChromium(),
      testApp({
        work: true,
        listen: true,
        env: { PUBLIC_URL: proxy.url, ADMIN_EMAIL: dana.email, ADMIN_PASSWORD: dana.password },
      }),
    ]);
    proxy.to(house.url);
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
    proxy.server.closeAllConnections();
    await new Promise((resolve) => proxy.server.close(resolve));
  });

  test('the console signs in, is live, and stays below it on every page', async () => {
    const { page, context, complaints } = await visit(browser, { baseURL: proxy.url });
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(proxy.url)) outside.push(request.url());
    });
    await page.goto(`${proxy.url}/o/${org}/sites?x=1`);
    await page.waitForURL(`${proxy.url}/sign-in?to=**`);
    await page.getByLabel('E-mail').fill(dana.email);
    await page.getByLabel('Password', { exact: true }).fill(dana.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${proxy.url}/o/${org}/sites?x=1`);
    await page.getByRole('heading', { level: 1, name: 'No sites yet.' }).waitFor();
    expect((await context.cookies()).map(({ path, httpOnly }) => ({ path, httpOnly }))).toEqual([
      // The cookie of the session, and the mark of a known browser, which a stranger's guesses cannot lock out.
      { path: '/watch', httpOnly: true },
      { path: '/watch', httpOnly: true },
    ]);

    // Live: the stream brings changes made elsewhere.
    await addSite(house, 'dartmouth', 'Dartmouth');
    await page.getByRole('link', { name: 'Dartmouth' }).click();
    await page.waitForURL(`${proxy.url}/o/${org}/sites/dartmouth`);
    await page.getByRole('heading', { level: 1, name: /Dartmouth/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: /Dartmouth/ }).waitFor();
    await page.goto(proxy.url);
    await page.waitForURL(`${proxy.url}/o/${org}`);
    await page.getByRole('heading', { level: 2, name: 'Sites' }).waitFor();
    await page.getByText('Live', { exact: false }).first().waitFor();

    // Fields that find, whose styles the content security policy has to let through.
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('dartm');
    await page.getByRole('option', { name: /^Dartmouth Site/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${proxy.url}/o/${org}/sites/dartmouth`);
    await page.goto(`${proxy.url}/o/${org}/maintenance/new?site=dartmouth`);
    await page.getByRole('radio').nth(1).check();
    await page.locator('input[role=combobox]').click();
    await page.getByRole('listbox').waitFor();

    await page.goto(`${proxy.url}/o/${org}/settings/import-export`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /Download/ }).click();
    expect((await download).url()).toBe(`${proxy.url}/api/v1/${org}/manifest.yaml`);
    await page
      .getByRole('button', { name: /^Account/ })
      .filter({ visible: true })
      .click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(`${proxy.url}/sign-in`);
    expect(outside).toEqual([]);
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    await context.close();
  });

  test('the API reference, heartbeats, pings and every address that the server gives out are below it', async () => {
    const { page, context } = await visit(browser, { baseURL: proxy.url });
    await page.goto(`${proxy.url}/docs`);
    await page.getByText('Watchkeeper', { exact: false }).first().waitFor();
    await page.getByText('Stands the watch over places', { exact: false }).first().waitFor();
    await context.close();

    const beat = await addDevice(house, await siteOf(), 'bay-1', 'Bay 1');
    await beat();
    expect(await readJson('/openapi.json')).toMatchObject({ servers: [{ url: proxy.url }] });
    const created = await house.call('POST', `/api/v1/${org}/checks`, {
      body: { slug: 'backup', name: 'Backup', kind: 'ping', config: { period: 3_600, grace: 60 } },
    });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`/watch/api/v1/${org}/checks/backup`);
    const ping: string = created.body.ping_url;
    expect(ping.startsWith(`${proxy.url}/ping/`)).toBe(true);
    expect((await fetch(ping)).status).toBe(200);
    expect(await readJson('/api/v1/nowhere/sites')).toMatchObject({
      type: expect.stringMatching(/^\/watch\/docs\/errors#/),
    });
    expect((await fetch(`${proxy.url}/docs/errors`)).status).toBe(200);
  });

  async function readJson(path: string): Promise<unknown> {
    return await (await fetch(proxy.url + path)).json();
  }

  async function siteOf(): Promise<string> {
    const { body } = await house.call('GET', `/api/v1/${org}/sites`);
    if (body.data.length === 0) await addSite(house, 'dartmouth', 'Dartmouth');
    return 'dartmouth';
  }
});
