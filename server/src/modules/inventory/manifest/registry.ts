import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';
import type { ManifestSection } from './section.ts';

interface ManifestRegistry {
  readonly sections: readonly ManifestSection[];
  /** The closed schema of the file. */
  readonly schema: ReturnType<typeof manifestOf>;
}

const registryPart = definePart<ManifestRegistry>('inventory.manifest');

/**
 * Asks every module for its keys of watchkeeper.yaml; the file has them in the order of the floors.
 * @throws when two modules bring one key
 */
export async function openManifest(ctx: Ctx, house: House): Promise<undefined> {
  const parts = await Promise.all(house.map(({ manifest }) => manifest?.()));
  const sections = parts.flatMap((part) => part?.sections ?? []);
  ctx.parts.put(registryPart, { sections, schema: manifestOf(sections) });
  return undefined;
}

/** @throws when the file was not opened: it belongs to processes that serve HTTP. */
export function manifestRegistry(ctx: Pick<Ctx, 'parts'>): ManifestRegistry {
  return ctx.parts.get(registryPart);
}

/** In place: what sections take in several spellings becomes what their schemas want. */
export function spellManifest(ctx: Ctx, body: unknown): void {
  if (!isRecord(body) || !isRecord(body.manifest)) return;
  const { manifest } = body;
  for (const { key, spell } of manifestRegistry(ctx).sections) {
    const entries = Object.hasOwn(manifest, key) ? manifest[key] : undefined;
    if (spell !== undefined && Array.isArray(entries)) manifest[key] = entries.map(spell);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Entries that refer to a section of a higher floor come after it. */
export function sectionsToApply(ctx: Ctx): readonly ManifestSection[] {
  const { sections } = manifestRegistry(ctx);
  const ordered = sections.filter((section) => section.after === undefined);
  for (const section of sections.filter(({ after }) => after !== undefined)) {
    const place = Math.max(
      ordered.findIndex(({ key }) => key === section.after),
      ordered.findLastIndex((other) => sections.indexOf(other) < sections.indexOf(section)),
    );
    ordered.splice(place + 1, 0, section);
  }
  return ordered;
}

function manifestOf(sections: readonly ManifestSection[]) {
  const keys = ['organization', ...sections.map(({ key }) => key)];
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`The manifest has a section "${twice}" already.`);
  return Type.Object(
    {
      organization: Type.Optional(
        Type.String({
          maxLength: 63,
          description:
            'Protects against the wrong file: must be the slug of the organization that it is applied to.',
        }),
      ),
      ...Object.fromEntries(sections.map(({ key, schema }) => [key, Type.Optional(schema)])),
    },
    {
      additionalProperties: false,
      description: 'watchkeeper.yaml as JSON. Everything it does not name stays as it is.',
    },
  );
}
