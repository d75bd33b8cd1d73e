import { useQuery } from '@tanstack/react-query';
import type { SearchHit } from '@watchkeeper/contracts/search';
import { deviceStatuses } from '@watchkeeper/contracts/vocabulary';
import { useState } from 'react';
import { useCommands } from '../app/commands';
import { useGo } from '../app/link';
import { useNavItems } from '../app/navigation';
import { pathOf, searchQuery } from '../app/search';
import { useMe, useOrg } from '../app/session';
import { setPreferences } from '../lib/preferences';
import { setTheme, themes } from '../lib/theme';
import { languageNames, t } from '../messages';
import { useSignOut } from '../modules/identity/session-actions';
import { paths } from '../paths';
import { Mark } from '../ui/mark';
import { Palette, type PaletteGroup, type PaletteOption } from '../ui/palette';
import { toneOfDevice } from '../ui/tone';

/** Local choices beside what was found; a longer list is no shorter way. */
const perGroupMax = 8;

function matches(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** Everything by its name: pages, what the organization has, what can be done here, and the choices of this browser. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = useFound(words);
  const local = useLocalGroups();

  const groups = [
    ...local.slice(0, 1),
    { id: 'found', label: t.palette.found, options: found.options },
    ...local.slice(1),
  ]
    .map((group) => ({ ...group, options: group.id === 'found' ? group.options : narrowed(group, words) }))
    .filter((group) => group.options.length > 0)
    .map((group) => ({ ...group, options: group.options.map((option) => closing(option, onClose)) }));
  const total = groups.reduce((sum, group) => sum + group.options.length, 0);

  return (
    <Palette
      groups={groups}
      pending={found.pending}
      text={text}
      onText={setText}
      onClose={onClose}
      label={t.palette.label}
      placeholder={t.palette.placeholder}
      resultsLabel={t.palette.results}
      status={found.status ?? (total === 0 ? t.palette.none : t.palette.count(total))}
    />
  );
}

function narrowed(group: PaletteGroup, words: readonly string[]): readonly PaletteOption[] {
  return group.options.filter((option) => matches(option.label, words)).slice(0, perGroupMax);
}

/** Closes first: the dialog gives the focus back before the action moves it on. */
function closing(option: PaletteOption, onClose: () => void): PaletteOption {
  return {
    ...option,
    run: () => {
      onClose();
      // After the dialog is gone, so that keys and focus belong to the page again.
      setTimeout(option.run);
    },
  };
}

function useFound(words: readonly string[]): {
  options: readonly PaletteOption[];
  status: string | undefined;
  pending: boolean;
} {
  const { org } = useOrg();
  const go = useGo();
  const query = useQuery(searchQuery(org, words.join(' ')));
  if (words.length === 0) return { options: [], status: undefined, pending: false };
  const hits = (query.data?.data ?? []).filter(
    // The answer for fewer letters stands until the next one is there; what no longer fits goes at once.
    (hit) =>
      !query.isPlaceholderData || matches(`${hit.name} ${hit.slug ?? ''} ${hit.site?.name ?? ''}`, words),
  );
  const looking = query.isFetching && hits.length === 0;
  return {
    options: hits.map((hit) => ({
      id: `${hit.kind}-${hit.id}`,
      label: hit.name,
      note: noteOf(hit),
      mark: <HitMark hit={hit} />,
      run: () => go(pathOf(org, hit)),
    })),
    pending: query.isPending || query.isPlaceholderData,
    status: query.isError ? t.palette.failed : looking ? t.palette.looking : undefined,
  };
}

function noteOf(hit: SearchHit): string {
  return [t.palette.kind[hit.kind], hit.site?.name, statusWord(hit)]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function statusWord(hit: SearchHit): string | undefined {
  if (hit.kind === 'device') return wordOf(t.deviceStatus, hit.status);
  if (hit.kind === 'alert' || hit.kind === 'incident') return wordOf(t.alertStatus, hit.status);
  if (hit.kind === 'check') return wordOf({ ...t.check.status, off: t.check.off }, hit.status);
  if (hit.kind === 'source') return wordOf(t.palette.sourceStatus, hit.status);
  return hit.kind === 'member' ? wordOf(t.role, hit.status) : undefined;
}

function wordOf(words: Readonly<Record<string, string>>, key: string | null): string | undefined {
  return key === null ? undefined : words[key];
}

function HitMark({ hit }: { hit: SearchHit }) {
  if (hit.kind === 'device') {
    const status = deviceStatuses.find((each) => each === hit.status) ?? 'unknown';
    return <Mark tone={toneOfDevice(status)} />;
  }
  if (hit.kind === 'check' || hit.kind === 'source')
    return <Mark tone={hit.status === 'up' ? 'ok' : hit.status === 'down' ? 'problem' : 'unknown'} />;
  if (hit.kind === 'alert' || hit.kind === 'incident')
    return <Mark tone={hit.status === 'open' ? 'problem' : 'unknown'} />;
  return null;
}

/** Pages first; the rest below what was found. */
function useLocalGroups(): PaletteGroup[] {
  const { org, can } = useOrg();
  const me = useMe();
  const go = useGo();
  const commands = useCommands();
  const pages = useNavItems().map((item) => ({
    id: `go-${item.keys}`,
    label: item.label,
    mark: item.icon,
    keys: item.keys,
    run: () => go(item.to),
  }));
  const actions = [
    ...commands
      .filter((command) => !command.id.startsWith('go ') && command.id !== 'palette')
      .map(({ id, label, keys, run }) => ({ id: `do-${id}`, label, keys, run })),
    ...(can('inventory:write')
      ? [{ id: 'do-add-check', label: t.check.add, run: () => go(paths.addCheck({ org })) }]
      : []),
    ...(can('alerts:operate')
      ? [{ id: 'do-plan', label: t.maintenance.addTitle, run: () => go(paths.addMaintenance({ org })) }]
      : []),
    { id: 'do-wall', label: t.palette.wallboard, run: () => go(paths.wallboard({ org })) },
    { id: 'do-print', label: t.palette.print, run: () => print() },
  ];
  const organizations = me.organizations
    .filter((each) => each.slug !== org)
    .map((each) => ({
      id: `org-${each.id}`,
      label: each.name,
      note: each.slug,
      run: () => go(paths.overview({ org: each.slug })),
    }));
  return [
    { id: 'pages', label: t.palette.pages, options: pages },
    { id: 'actions', label: t.palette.actions, options: actions },
    { id: 'organizations', label: t.palette.organizations, options: organizations },
    { id: 'choices', label: t.palette.choices, options: useChoices() },
  ];
}

function useChoices(): PaletteOption[] {
  const signOut = useSignOut();
  return [
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      label: t.palette.theme(t.theme[theme]),
      run: () => setTheme(theme),
    })),
    ...(['mine', 'site'] as const).map((zone) => ({
      id: `zone-${zone}`,
      label: `${t.times.zone}: ${t.times[zone]}`,
      run: () => setPreferences({ zone }),
    })),
    ...(['ages', 'clock'] as const).map((times) => ({
      id: `times-${times}`,
      label: `${t.times.style}: ${t.times[times]}`,
      run: () => setPreferences({ times }),
    })),
    ...Object.entries(languageNames).map(([language, name]) => ({
      id: `language-${language}`,
      label: t.palette.language(name),
      run: () => {
        setPreferences({ language });
        location.reload();
      },
    })),
    { id: 'sign-out', label: t.action.signOut, run: () => signOut.mutate() },
  ];
}
