import { useQuery } from '@tanstack/react-query';
import { deviceQuery, deviceTypesQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import type { SettingName, Settings } from './check-draft';
import { isAwaited } from './check-tone';
import { settingDefaults } from './limits';

export interface Inherited {
  values: Settings;
  /** Their source: "from the type TrackMan PC", or "the default". */
  from: string;
}

/** The values of a check without its own: from the type of its device, else the default. */
export function useInherited(device: string, kind: string): Inherited {
  const { org } = useOrg();
  const typeSlug = useQuery({ ...deviceQuery(org, device), enabled: device !== '' }).data?.type;
  const types = useQuery(deviceTypesQuery(org)).data?.data;
  const type = device === '' ? undefined : types?.find((each) => each.slug === typeSlug);
  // One missed call is a failure: a check that waits for calls does not inherit the failures in a row.
  if (isAwaited({ kind }))
    return {
      values: { ...settingDefaults, alert_after_failures: 1, recover_after_successes: 1 },
      from: t.check.fromDefault,
    };
  if (type === undefined) return { values: settingDefaults, from: t.check.fromDefault };
  return {
    values: {
      interval: type.check_interval,
      timeout: type.timeout,
      retries: type.retries,
      alert_after_failures: type.alert_after_failures,
      recover_after_successes: type.recover_after_successes,
    },
    from: t.check.fromType(type.name),
  };
}

/** The settings that a kind uses: a check that waits for calls has no schedule of its own. */
export function settingsOf(kind: string): readonly SettingName[] {
  const counts = ['alert_after_failures', 'recover_after_successes'] as const;
  return isAwaited({ kind }) ? counts : ['interval', 'timeout', 'retries', ...counts];
}
