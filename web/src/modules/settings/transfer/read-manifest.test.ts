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
  test('gives what it says', () => {
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

  test('finds the line of what the server complains about, also of what is missing', () => {
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

  test('takes an empty file as a file that says nothing', () => {
    expect(readManifest('').manifest).toEqual({});
  });
});
