import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { channelKindsQuery, channelsQuery } from '../../api/queries/channels';
import { deviceTypesQuery, sitesQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { fieldsOfSchema } from '../../ui/schema-fields';
import { channelWords } from './channel-words';
import { ruleKindsQuery } from './queries';
import type { Lookups } from './rule-words';

function nameIn(list: readonly { id: string; slug?: string; name: string }[] | undefined, reference: string) {
  return list?.find((each) => each.id === reference || each.slug === reference)?.name;
}

/** The names behind a rule's references; what has not been read yet is shown as it is stored. */
export function useLookups(): Lookups {
  const { org } = useOrg();
  const kinds = useQuery(ruleKindsQuery(org)).data?.data;
  const sites = useQuery(sitesQuery(org)).data?.data;
  const deviceTypes = useQuery(deviceTypesQuery(org)).data?.data;
  const channels = useQuery(channelsQuery(org)).data?.data;
  const channelKinds = useQuery(channelKindsQuery(org)).data?.data;
  return useMemo(
    () => ({
      fieldsOf: (kind) => fieldsOfSchema(kinds?.find((each) => each.kind === kind)?.schema ?? {}),
      kindLabel: (kind) => kinds?.find((each) => each.kind === kind)?.label ?? kind,
      site: (reference) => (sites === undefined ? reference : nameIn(sites, reference)),
      deviceType: (reference) => (deviceTypes === undefined ? reference : nameIn(deviceTypes, reference)),
      channel: (word) => (channels === undefined ? word : channelWords(word, channels, channelKinds ?? [])),
    }),
    [kinds, sites, deviceTypes, channels, channelKinds],
  );
}
