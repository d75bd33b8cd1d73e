import { t } from '../../messages';

/** What is about the person comes apart from what is about the organization. */
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
