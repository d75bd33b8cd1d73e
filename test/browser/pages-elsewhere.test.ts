import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { expectAccessible, expectFits } from './chromium.ts';
import { openFurnished, tour } from './pages.ts';

describe('every page', () => {
  let browser: Browser;
  let house: TestApp;

  beforeAll(async () => {
    ({ browser, house } = await openFurnished());
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  test('on a phone, dark, is accessible, fits, and breaks no rule of the content security policy', async () => {
    await tour({ browser, house }, { theme: 'dark', width: 360 }, expectAccessible);
  });

  // What axe looks at does not change with room to spare.
  test('on a wide screen fits, and breaks no rule of the content security policy', async () => {
    await tour({ browser, house }, { theme: 'light', width: 2560 }, expectFits);
  });
});
