import { describe, expect, test } from 'vitest';
import { placed, readManifest } from './read-manifest';

const text = `# ours
organization: acme
sites:
  - slug: dartmouth
    name: Dartmouth
  - slug: perth
    timezone: Nowhere/Land
`;

describe('reading a manifest', () => {
  test('returns its content', () => {
    expect(readManifest(text).manifest).toEqual({
      organization: 'acme',
      sites: [
        { slug: 'dartmouth', name: 'Dartmouth' },
        { slug: 'perth', timezone: 'Nowhere/Land' },
      ],
    });
  });

  test('names the line of a mistake in the YAML', () => {
    const { manifest, mistakes } = readManifest('sites:\n  - slug: a\n    slug: b\n');
    expect(manifest).toBeUndefined();
    expect(mistakes).toMatchObject([{ line: 3 }]);
  });

  test('finds the line of a fault that the server reports, also of a missing field', () => {
    const { lineOf } = readManifest(text);
    expect(
      placed(
        [
          { field: 'manifest.sites.1.timezone', message: 'is no time zone' },
          { field: '/manifest/sites/1/name', message: 'is required' },
          { field: 'manifest.sites.0.name', message: 'is too short' },
        ],
        lineOf,
      ),
    ).toEqual([
      { line: 5, message: 'sites.0.name: is too short' },
      { line: 6, message: 'sites.1.name: is required' },
      { line: 7, message: 'sites.1.timezone: is no time zone' },
    ]);
  });

  test('accepts an empty file as an empty manifest', () => {
    expect(readManifest('').manifest).toEqual({});
  });
});
