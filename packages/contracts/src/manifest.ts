import Type, { type Static } from 'typebox';
import { DeviceSlug } from './common.ts';
import { AreaInput, DeviceInput, DeviceTypeInput, dependenciesMax, SiteInput } from './inventory.ts';

/** The largest file: ten thousand devices with room to spare. */
export const manifestBytesMax = 8 * 1_048_576;
export const manifestSitesMax = 1_000;
export const manifestAreasMax = 1_000;
export const manifestDeviceTypesMax = 200;
export const manifestDevicesMax = 10_000;

const closed = { additionalProperties: false } as const;

/** In a manifest, what an entry does not mention stays as it is; null or [] clears it. */
export const ManifestSite = Type.Object(
  {
    ...SiteInput.properties,
    areas: Type.Optional(Type.Array(AreaInput, { maxItems: manifestAreasMax })),
  },
  closed,
);
export type ManifestSite = Static<typeof ManifestSite>;
export const ManifestSites = Type.Array(ManifestSite, { maxItems: manifestSitesMax });

export const ManifestDeviceTypes = Type.Array(DeviceTypeInput, { maxItems: manifestDeviceTypesMax });

export const ManifestDevice = Type.Object(
  {
    ...DeviceInput.properties,
    depends_on: Type.Optional(
      Type.Array(DeviceSlug, {
        maxItems: dependenciesMax,
        uniqueItems: true,
        description: 'Slugs, also of devices further down.',
      }),
    ),
  },
  closed,
);
export type ManifestDevice = Static<typeof ManifestDevice>;
export const ManifestDevices = Type.Array(ManifestDevice, { maxItems: manifestDevicesMax });

export const planActions = ['create', 'update', 'unchanged', 'delete'] as const;

export const PlanStep = Type.Object({
  action: Type.Enum(planActions),
  kind: Type.String({ description: 'site, area, device_type, device, ...' }),
  key: Type.String({ description: 'The slug; of an area, site/area.' }),
  changes: Type.Array(Type.Object({ field: Type.String(), from: Type.Unknown(), to: Type.Unknown() })),
});
export type PlanStep = Static<typeof PlanStep>;

export const ApplyAnswer = Type.Object({
  plan: Type.Array(PlanStep),
  tokens: Type.Record(Type.String(), Type.String(), {
    description: 'Tokens of new devices by slug, shown once.',
  }),
});
export type ApplyAnswer = Static<typeof ApplyAnswer>;
