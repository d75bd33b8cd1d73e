import { expect, test } from 'vitest';
import { channelWords } from './channel-words';

const id = '0198c0de-0000-7000-8000-000000000001';
const channels = [{ id, name: 'Night shift' }];
const kinds = [{ kind: 'email', label: 'E-mail' }];

test.each([
  [id, 'Night shift'],
  ['night SHIFT', 'Night shift'],
  ['EMAIL', 'E-mail (every channel)'],
  ['Dashboard', 'Console'],
  ['Boss', 'Boss (deleted)'],
  ['0198c0de-0000-7000-8000-000000000002', undefined],
])('%s reads as %s', (word, expected) => {
  expect(channelWords(word, channels, kinds)).toBe(expected);
});
