import { t } from '../../messages';

/** Sections about the person are apart from those about the organization. */
export const ownSections = ['preferences', 'sessions'] as const;
export const organizationSections = [
  'organization',
  'members',
  'api-keys',
  'device-types',
  'audit',
  'import-export',
] as const;

export type Section = (typeof ownSections)[number] | (typeof organizationSections)[number];

export function isSection(text: string): text is Section {
  return text in t.settings.sections;
}
