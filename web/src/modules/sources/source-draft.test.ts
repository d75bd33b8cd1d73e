import type { Source } from '@watchkeeper/contracts/sources';
import { describe, expect, test } from 'vitest';
import { rooms as en } from '../../messages/en/rooms';
import type { SourceKind } from './queries';
import { draftOfSource, fieldsOfSource, hasMoved, readSourceDraft } from './source-draft';

const kind: SourceKind = {
  kind: 'console',
  label: 'Console',
  help: '',
  check_kind: 'console',
  secrets: ['token'],
  example: {},
  schema: {
    type: 'object',
    required: ['base_url'],
    properties: {
      base_url: { type: 'string', title: 'Address', maxLength: 300, address: true },
      token: { type: 'string', title: 'Token', maxLength: 100 },
    },
  },
};
const at = '2026-03-02T12:00:00Z';
const source: Source = {
  id: '1',
  slug: 'doors',
  name: 'Doors',
  kind: 'console',
  config: { base_url: 'https://192.0.2.1', token: '***' },
  interval: 90,
  timeout: 30,
  alert_after_failures: 3,
  site: null,
  enabled: true,
  check: 'source:doors',
  state: {
    ...{ status: 'up', since: at, reason: null, last_reading: at, fresh: true },
    ...{ objects: 0, linked: 0, failing: null, not_before: null, next_due_at: null },
  },
  created_at: at,
  updated_at: at,
};
const words = { ...en.schemaForm, ...en.sources };
const options = fieldsOfSource(kind, source);
const initial = draftOfSource(options, source);
const typed = (config: Record<string, string>) => ({ ...initial, config: { ...initial.config, ...config } });

describe('the settings of a source', () => {
  test('pass through the form unchanged, without the secret', () => {
    expect(readSourceDraft(initial, options, words)).toEqual({
      body: {
        ...{ slug: 'doors', name: 'Doors', config: { base_url: 'https://192.0.2.1' }, interval: 90 },
        ...{ timeout: 30, alert_after_failures: 3, site: null, enabled: true },
      },
      errors: {},
    });
  });

  test('need a name, a slug, a secret and times within limits', () => {
    const none = fieldsOfSource(kind);
    const draft = { ...draftOfSource(none), interval: '5m', timeout: 'soon', alertAfter: '0' };
    expect(Object.keys(readSourceDraft(draft, none, words).errors).toSorted()).toEqual([
      ...['alert_after_failures', 'config.base_url', 'config.token', 'interval', 'name', 'slug', 'timeout'],
    ]);
  });
});

describe('a kept secret', () => {
  test('stays while the address is the same, also in another spelling', () => {
    expect(hasMoved(typed({ base_url: ' https://192.0.2.1/ ' }), initial, options)).toBe(false);
  });

  test('stays when a field changes that is not part of the address', () => {
    const elsewhere = {
      ...kind,
      schema: { type: 'object', properties: { host: { type: 'string', address: true } } },
    };
    expect(hasMoved(typed({ base_url: 'https://192.0.2.99' }), initial, fieldsOfSource(elsewhere))).toBe(
      false,
    );
  });

  test('is required again when the address changes, until it is entered', () => {
    const moved = typed({ base_url: 'https://192.0.2.99' });
    expect(hasMoved(moved, initial, options)).toBe(true);
    expect(readSourceDraft(moved, options, words, true).errors).toEqual({
      'config.token': en.sources.secretAgain,
    });
    const entered = typed({ base_url: 'https://192.0.2.99', token: 'new' });
    expect(readSourceDraft(entered, options, words, true).errors).toEqual({});
  });
});
