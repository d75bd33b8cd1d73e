import { expect, test } from 'vitest';
import { constantsOf, publishedIn } from './live-topics.ts';

const constants = constantsOf("export const doorTopic = 'door';");

test('finds the topic of each publication, as a string and as a constant', () => {
  const source = `await ctx.live.publish(tx, { organizationId, topic: 'site', ids: [site.id] });
await work.ctx.live.publish(tx, {
  organizationId,
  topic: doorTopic,
  ids: rows.map((row) => row.id),
});
subscribe(null, ({ topic }) => topic === 'other');`;
  expect(publishedIn(source, constants)).toEqual(['site', 'door']);
});

test('a computed topic is reported with its expression, so that nobody can declare it', () => {
  expect(publishedIn('live.publish(tx, { organizationId, topic, ids })', constants)).toEqual(['topic']);
  expect(publishedIn('live.publish(tx, { topic: chosen, ids })', constants)).toEqual(['chosen']);
});
