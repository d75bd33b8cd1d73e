import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { derive } from '../../scripts/gen/derive.ts';
import { emptyDatabase } from '../support/database.ts';
import { scratchDir } from '../support/server-process.ts';

const file = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

test('the checked-in OpenAPI document and schema dump match the sources (npm run gen)', {
  timeout: 120_000,
}, async () => {
  await using database = await emptyDatabase();
  await using folder = await scratchDir();
  const derived = await derive(database.url, folder.path);
  expect(derived.openapi).toBe(await file('openapi.json'));
  // PostgreSQL prints the same definition differently in each version; the dump comes from the embedded one.
  if (process.env.TEST_DATABASE_URL === undefined)
    expect(derived.schema).toBe(await file('server/db/schema.generated.sql'));
});

test('every operation has an id, a tag and a summary, and ids are unique', async () => {
  const document = JSON.parse(await file('openapi.json'));
  const operations = Object.values(document.paths).flatMap((item) =>
    Object.values(item as Record<string, { operationId?: string; tags?: string[]; summary?: string }>),
  );
  for (const operation of operations)
    expect(operation).toMatchObject({
      operationId: expect.any(String),
      summary: expect.any(String),
      tags: [expect.any(String)],
    });
  const ids = operations.map((operation) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});
