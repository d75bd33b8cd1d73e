import type { TObject } from 'typebox';

/** What forms, API reference and docs are made from. */
export function describeKinds(
  kinds: Iterable<{
    readonly kind: string;
    readonly label: string;
    readonly help: string;
    readonly schema: TObject;
    readonly secrets: readonly string[];
    readonly fixture: object;
  }>,
) {
  return [...kinds].map((kind) => ({
    kind: kind.kind,
    label: kind.label,
    help: kind.help,
    schema: toJson(kind.schema),
    secrets: [...kind.secrets],
    example: { ...kind.fixture },
  }));
}

/** A TypeBox schema is a JSON Schema; what JSON drops was never part of it. */
function toJson(schema: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema));
}
