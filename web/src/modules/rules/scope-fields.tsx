import { useQuery } from '@tanstack/react-query';
import { deviceTypesQuery, sitesQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { SelectField } from '../../ui/field';
import type { RuleDraft } from './rule-draft';

export interface DraftPartProps {
  draft: RuleDraft;
  onChange: (change: Partial<RuleDraft>) => void;
  errors: Readonly<Record<string, string>>;
}

/** Everywhere, or one site, or one type of device. */
export function ScopeFields({
  draft,
  onChange,
  errors,
  isAboutDevices,
}: DraftPartProps & { isAboutDevices: boolean }) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org));
  const types = useQuery(deviceTypesQuery(org));
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <SelectField
        label={t.rule.site}
        value={draft.site}
        error={errors.site}
        onChange={(event) => onChange({ site: event.currentTarget.value })}
      >
        <option value="">{t.rule.everywhere}</option>
        {sites.data?.data.map((site) => (
          <option key={site.id} value={site.slug}>
            {site.name}
          </option>
        ))}
      </SelectField>
      {isAboutDevices ? (
        <SelectField
          label={t.rule.deviceType}
          value={draft.deviceType}
          error={errors.device_type}
          onChange={(event) => onChange({ deviceType: event.currentTarget.value })}
        >
          <option value="">{t.rule.allDeviceTypes}</option>
          {types.data?.data.map((type) => (
            <option key={type.id} value={type.slug}>
              {type.name}
            </option>
          ))}
        </SelectField>
      ) : null}
    </div>
  );
}
