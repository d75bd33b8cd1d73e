import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { Device } from '@watchkeeper/contracts/inventory';
import { useDeferredValue, useState } from 'react';
import { deviceQuery, deviceSearchQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { PickMany, type PickOption } from '../../ui/pick-field';

interface DependenciesProps {
  /** The one that depends; it is not among the choices. */
  device: string;
  /** Slugs. */
  value: readonly string[];
  onChange: (slugs: readonly string[]) => void;
  error: string | undefined;
}

const optionOf = ({ slug, name, site }: Device): PickOption => ({ id: slug, label: name, note: site });

/** Devices without which this one cannot work, found by name. */
export function DependenciesField({ device, value, onChange, error }: DependenciesProps) {
  const { org } = useOrg();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const found = useQuery({ ...deviceSearchQuery(org, asked), placeholderData: keepPreviousData });
  const known = useQueries({ queries: value.map((slug) => deviceQuery(org, slug)) });
  const options = (found.data?.data ?? []).filter(({ slug }) => slug !== device).map(optionOf);
  return (
    <PickMany
      label={t.deviceView.dependsOn}
      help={t.deviceView.dependsOnHelp}
      error={error}
      placeholder={t.deviceView.dependsOnFind}
      values={value}
      // Until its name is there a device goes by its slug.
      nameOf={(slug) => known[value.indexOf(slug)]?.data?.name ?? slug}
      chosenLabel={t.deviceView.dependsOnChosen}
      removeLabel={t.deviceView.dependsOnRemove}
      options={options}
      searched
      pending={asked !== text.trim() || found.isPlaceholderData || found.isPending}
      status={(count, pending) =>
        pending && count === 0 ? t.state.loading : t.deviceView.dependsOnFound(count)
      }
      onText={setText}
      onChange={onChange}
    />
  );
}
