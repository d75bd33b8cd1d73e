import { describe, test } from 'vitest';
import { expectAccessible, expectFits } from './chromium.ts';
import { furnished, tour } from './pages.ts';

describe('every page', () => {
  const here = furnished();

  test('on a phone, dark, is accessible, fits, and breaks no rule of the content security policy', async () => {
    await tour(here(), { theme: 'dark', width: 360 }, expectAccessible);
  });

  // Axe would find nothing new on a wider screen.
  test('on a wide screen fits, and breaks no rule of the content security policy', async () => {
    await tour(here(), { theme: 'light', width: 2560 }, expectFits);
  });
});
