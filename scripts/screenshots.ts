// npm run screenshots: the console's pages with the demonstration fleet, in both themes, in desktop and phone size.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { freePort, scratchDir, startServer } from '../test/support/server-process.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { ensureChromium } from './test-engines.ts';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
const owner = { email: 'dana@club.example', password: 'a long walk on the 9 links' };
const sizes = [
  { width: 1440, height: 1000 },
  { width: 390, height: 844 },
];
const phoneWidthMax = 600;
/** The demonstration needs this long until something is wrong and charts have some current points. */
const storyMsMax = 120_000;
const settleMs = 1_500;

await using data = await scratchDir();
const port = await freePort();
const server = await startServer(
  {
    PORT: String(port),
    DATA_DIR: data.path,
    ADMIN_EMAIL: owner.email,
    ADMIN_PASSWORD: owner.password,
    LOG_LEVEL: 'warn',
  },
  240_000,
  ['--demo'],
);
const browser = await chromium.launch({
  executablePath: await ensureChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  const alert = await waitFor('the bay PC to fall silent', findSilentBay, storyMsMax);
  const pages: Record<string, string> = {
    overview: '/o/demo',
    wallboard: '/o/demo?wall',
    alerts: '/o/demo/alerts',
    alert: `/o/demo/alerts/${alert}`,
    ledger: '/o/demo/ledger',
    sites: '/o/demo/sites',
    site: '/o/demo/sites/dartmouth',
    'edit-site': '/o/demo/sites/dartmouth/edit',
    devices: '/o/demo/devices',
    device: '/o/demo/devices/perth-till-1',
    rules: '/o/demo/rules',
    'new-rule': '/o/demo/rules/new?template=refund_spike',
    channels: '/o/demo/channels',
    'new-channel': '/o/demo/channels/new?kind=webhook',
    system: '/o/demo/system',
    checks: '/o/demo/checks',
    check: '/o/demo/checks/booking-page',
    'awaited-check': '/o/demo/checks/nightly-backup',
    'new-check': '/o/demo/checks/new?kind=http',
    sources: '/o/demo/sources',
    source: '/o/demo/sources/network',
    'new-source': '/o/demo/sources/new?kind=ninjaone',
    maintenance: '/o/demo/maintenance',
    'maintenance-week': '/o/demo/maintenance?view=week',
    'maintenance-window': '/o/demo/maintenance/weekly-care',
    'new-maintenance': '/o/demo/maintenance/new?site=leeds',
    settings: '/o/demo/settings',
    organization: '/o/demo/settings/organization',
    members: '/o/demo/settings/members',
    sessions: '/o/demo/settings/sessions',
    'api-keys': '/o/demo/settings/api-keys',
    'device-types': '/o/demo/settings/device-types',
    audit: '/o/demo/settings/audit',
    'import-export': '/o/demo/settings/import-export',
    preferences: '/o/demo/settings/preferences',
  };
  await mkdir(folder, { recursive: true });
  for (const theme of ['light', 'dark'] as const) {
    for (const size of sizes) await shoot(browser, theme, size, pages);
  }
} finally {
  await browser.close();
  await server.kill('SIGTERM');
}

async function findSilentBay(): Promise<string | undefined> {
  const answer = await server.call('GET', '/api/v1/demo/alerts?type=device_offline');
  // Safe because the OpenAPI document promises this shape.
  return (answer.body as { data?: { id: string }[] }).data?.[0]?.id;
}

async function shoot(
  from: Browser,
  theme: 'light' | 'dark',
  size: { width: number; height: number },
  pages: Record<string, string>,
): Promise<void> {
  const context = await from.newContext({
    baseURL: server.url,
    viewport: size,
    colorScheme: theme,
    reducedMotion: 'reduce',
    // On a phone, the scroll bar lies over the page.
    isMobile: size.width <= phoneWidthMax,
  });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel(/e-?mail/i).fill(owner.email);
  await page.getByLabel(/^password$/i).fill(owner.password);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(settleMs);
    await page.screenshot({ path: `${folder}/${name}-${theme}-${size.width}.png` });
  }
  await context.close();
}
