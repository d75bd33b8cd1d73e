import Type from 'typebox';
import type { Ctx } from '#platform/context';
import type { ManifestSection } from './section.ts';

/** Per house, not per process: two apps in one process (tests) keep their own. */
const registries = new WeakMap<Ctx, ManifestRegistry>();

interface ManifestRegistry {
  readonly sections: ManifestSection[];
  /** The closed schema of the file; grows with every section until the server is ready. */
  readonly schema: ReturnType<typeof emptyManifest>;
}

export function manifestRegistry(ctx: Ctx): ManifestRegistry {
  let registry = registries.get(ctx);
  if (registry === undefined) {
    registry = { sections: [], schema: emptyManifest() };
    registries.set(ctx, registry);
  }
  return registry;
}

/** Adds a key to watchkeeper.yaml. Called in a module's `routes`; sections stand in the file in this order. */
export function registerManifestSection(ctx: Ctx, section: ManifestSection): void {
  const { sections, schema } = manifestRegistry(ctx);
  if (section.key in schema.properties)
    throw new Error(`The manifest has a section "${section.key}" already.`);
  sections.push(section);
  // Routes compile their schemas when the server is ready, after every module has added its keys.
  Object.assign(schema.properties, { [section.key]: section.schema });
}

/** What refers to a section of a floor above comes behind it. */
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

function emptyManifest() {
  return Type.Object(
    {
      organization: Type.Optional(
        Type.String({
          maxLength: 63,
          description: 'Guards against the wrong file: must be the organization it is applied to.',
        }),
      ),
    },
    {
      additionalProperties: false,
      description: 'watchkeeper.yaml as JSON. What it does not mention stays as it is.',
    },
  );
}
