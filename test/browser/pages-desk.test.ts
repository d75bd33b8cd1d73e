import { describe, expect, test } from 'vitest';
import { expectAccessible, visit } from './chromium.ts';
import { org, signIn } from './house.ts';
import { furnished, tour, viewer } from './pages.ts';

describe('every page', () => {
  const here = furnished();

  test('on a desktop, light, is accessible, fits, and breaks no rule of the content security policy', async () => {
    await tour(here(), { theme: 'light', width: 1440 }, expectAccessible);
  });

  test('shows a viewer everything, and offers no action that would be refused', async () => {
    const { browser, house } = here();
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page, viewer);
    await page.getByRole('article', { name: /Bay 4 PC/ }).waitFor();
    expect(await page.getByRole('button', { name: /Acknowledge|Resolve/ }).count()).toBe(0);

    await page.goto(`/o/${org}/sites`);
    await page.getByRole('link', { name: 'Dartmouth' }).waitFor();
    expect(await page.getByRole('link', { name: 'Add a site' }).count()).toBe(0);

    await page.goto(`/o/${org}/sites/new`);
    await page.getByText(/Your role does not allow you to add sites and devices/).waitFor();
    expect(await page.getByRole('button', { name: 'Add the site' }).count()).toBe(0);
    await context.close();
  });
});
