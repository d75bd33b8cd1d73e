import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type TestApp, type TestAppOptions, testApp } from '../support/app.ts';

export const dana = { name: 'Dana', email: 'dana@club.example', password: 'correct horse battery 7' };
export const org = 'default';

/** A server that listens and works and has an owner; it calls a device silent after a short time. */
export async function openHouse(options: TestAppOptions = {}): Promise<TestApp> {
  return await testApp({
    work: true,
    listen: true,
    ...options,
    env: {
      HEARTBEAT_OFFLINE_SECONDS: '2',
      ALERT_CHECK_INTERVAL: '0.5',
      ADMIN_EMAIL: dana.email,
      ADMIN_PASSWORD: dana.password,
      ...options.env,
    },
  });
}

export async function signIn(page: Page, person: { email: string; password: string } = dana): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/o\//);
}

export async function addSite(house: TestApp, slug: string, name: string): Promise<void> {
  const body = { slug, name, timezone: 'America/Halifax' };
  expect((await house.call('POST', `/api/v1/${org}/sites`, { body })).status).toBe(201);
}

/** Adds a device; returns the function that sends one heartbeat of it. */
export async function addDevice(house: TestApp, site: string, slug: string, name: string) {
  const created = await house.call('POST', `/api/v1/${org}/devices`, { body: { slug, name, site } });
  expect(created.status).toBe(201);
  const token: string = created.body.token;
  return async (): Promise<void> => {
    const body = { device_id: slug, tenant_id: org, store_id: site, status: 'ok', cpu_usage: 31 };
    expect((await house.call('POST', '/heartbeat', { token, body })).status).toBe(202);
  };
}

/** Sends heartbeats of devices that must stay online while others fall silent. */
export function keepAlive(beat: () => Promise<void>, everyMs: number): () => Promise<void> {
  let stopped = false;
  const life = (async () => {
    while (!stopped) {
      await beat();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return async () => {
    stopped = true;
    await life;
  };
}
