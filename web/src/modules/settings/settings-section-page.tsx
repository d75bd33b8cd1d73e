import type { ReactNode } from 'react';
import { MissingPage } from '../../app/states';
import { ApiKeysSection } from './api-keys/api-keys-section';
import { AuditSection } from './audit/audit-section';
import { DeviceTypesSection } from './device-types/device-types-section';
import { MembersSection } from './members/members-section';
import { OrganizationSection } from './organization-section';
import { PreferencesSection } from './preferences-section';
import { isSection, type Section } from './sections';
import { SessionsSection } from './sessions/sessions-section';
import { SettingsNav } from './settings-nav';
import { TransferSection } from './transfer/transfer-section';

interface SettingsSectionPageProps {
  section: string;
  search: Readonly<Record<string, string>>;
}

/** One section beside the quiet list of the others. */
export function SettingsSectionPage({ section, search }: SettingsSectionPageProps) {
  if (!isSection(section)) return <MissingPage />;
  return (
    <div className="grid items-start gap-x-10 lg:grid-cols-[176px_minmax(0,1fr)]">
      <SettingsNav current={section} />
      <div className="min-w-0 max-w-5xl">{pageOf(section, search)}</div>
    </div>
  );
}

function pageOf(section: Section, search: Readonly<Record<string, string>>): ReactNode {
  switch (section) {
    case 'organization':
      return <OrganizationSection />;
    case 'members':
      return <MembersSection />;
    case 'sessions':
      return <SessionsSection />;
    case 'api-keys':
      return <ApiKeysSection />;
    case 'device-types':
      return <DeviceTypesSection />;
    case 'audit':
      return <AuditSection search={search} />;
    case 'import-export':
      return <TransferSection />;
    case 'preferences':
      return <PreferencesSection />;
  }
}
