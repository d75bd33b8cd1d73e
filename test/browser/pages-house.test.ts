import { describe, test } from 'vitest';
import { furnished, pagesOfTheHouse, tour } from './pages.ts';

describe('every page', () => {
  const here = furnished();

  test('of the house is accessible, fits, and breaks no rule of the content security policy', async () => {
    await tour(here(), pagesOfTheHouse);
  });
});
