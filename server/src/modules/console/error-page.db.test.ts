import { errorCodes } from '@watchkeeper/contracts/error-codes';
import { expect, test } from 'vitest';
import { testApp } from '../../../../test/support/app.ts';

test('the type of a problem opens a page that explains its code', async () => {
  await using house = await testApp();
  const problem = await house.call('GET', '/api/v1/nowhere/sites');
  const type = new URL(problem.body.type, 'http://house.invalid');
  expect(type.pathname).toBe('/docs/errors');

  const page = await house.app.http.inject({ method: 'GET', url: type.pathname });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.body).toContain(`id="${type.hash.slice(1)}"`);
  for (const code of Object.keys(errorCodes)) expect(page.body).toContain(`<tr id="${code}">`);
});
