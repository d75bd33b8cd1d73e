import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { Device } from '@watchkeeper/contracts/inventory';
import { useDeferredValue, useState } from 'react';
import { deviceQuery, deviceSearchQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Picker, type PickerOption } from '../../ui/picker';

interface DependenciesProps {
  /** The one that depends; it is not among the choices. */
  device: string;
  /** Slugs. */
  value: readonly string[];
  onChange: (slugs: readonly string[]) => void;
  error: string | undefined;
}

const optionOf = ({ slug, name, site }: Device): PickerOption => ({ id: slug, label: name, note: site });

/** Devices without which this one cannot work, found by name. */
export function DependenciesField({ device, value, onChange, error }: DependenciesProps) {
  const { org } = useOrg();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const found = useQuery({ ...deviceSearchQuery(org, asked), placeholderData: keepPreviousData });
  const known = useQueries({ queries: value.map((slug) => deviceQuery(org, slug)) });
  // Until its name is there a device goes by its slug.
  const chosen = value.map((slug, index) => {
    const data = known[index]?.data;
    return data === undefined ? { id: slug, label: slug } : optionOf(data);
  });
  const options = (found.data?.data ?? [])
    .filter(({ slug }) => slug !== device && !value.includes(slug))
    .map(optionOf);
  return (
    <Picker
      label={t.deviceView.dependsOn}
      help={t.deviceView.dependsOnHelp}
      error={error}
      placeholder={t.deviceView.dependsOnFind}
      chosen={chosen}
      chosenLabel={t.deviceView.dependsOnChosen}
      removeLabel={t.deviceView.dependsOnRemove}
      text={text}
      onText={setText}
      options={options}
      status={found.data === undefined ? t.state.loading : t.deviceView.dependsOnFound(options.length)}
      onChange={(next) => onChange(next.map(({ id }) => id))}
    />
  );
}
