import { useState } from 'react';
import { useGo } from '../app/link';
import { useMe, useOrg } from '../app/session';
import { outer } from '../base';
import { readTheme, setTheme, type Theme, themes } from '../lib/theme';
import { t } from '../messages';
import { useSignOut } from '../modules/identity/session-actions';
import { paths } from '../paths';
import { classes } from '../ui/classes';
import { ChevronIcon } from '../ui/icons';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '../ui/menu';

/** Who and where I am; the way to another organization, another theme, and out. */
export function AccountMenu({ placement }: { placement: 'side' | 'top' }) {
  const me = useMe();
  const { organization } = useOrg();
  const go = useGo();
  const signOut = useSignOut();
  const [theme, choose] = useState<Theme>(readTheme);
  const name = me.user?.name ?? me.caller.name;

  return (
    <Menu
      label={`${t.nav.account}: ${name}, ${organization.name}`}
      triggerClassName={classes(
        'flex min-h-11 min-w-0 items-center gap-2 rounded-2 px-2 py-1.5 text-left hover:bg-sunken',
        placement === 'side' && 'w-full',
      )}
      trigger={
        <>
          <span className="min-w-0 flex-1 leading-tight">
            <span
              className={classes(
                'block text-1 font-medium',
                placement === 'side' ? 'line-clamp-2' : 'truncate',
              )}
            >
              {organization.name}
            </span>
            <span className="block truncate text-0 text-ink-3">
              {name}
              {organization.role === null ? '' : ` · ${t.role[organization.role]}`}
            </span>
          </span>
          <span className="text-ink-3">
            <ChevronIcon />
          </span>
        </>
      }
    >
      {me.organizations.length > 1 ? (
        <>
          <MenuLabel>{t.nav.organization}</MenuLabel>
          <MenuChoice
            label={t.nav.switchOrganization}
            value={organization.slug}
            options={me.organizations.map((each) => ({ value: each.slug, label: each.name }))}
            onChange={(slug) => go(paths.overview({ org: slug }))}
          />
          <MenuLine />
        </>
      ) : null}
      <MenuLabel>{t.theme.label}</MenuLabel>
      <MenuChoice
        label={t.theme.label}
        value={theme}
        options={themes.map((value) => ({ value, label: t.theme[value] }))}
        onChange={(value) => {
          setTheme(value);
          choose(value);
        }}
      />
      <MenuLine />
      <MenuItem onSelect={() => go(paths.settings({ org: organization.slug }))}>{t.nav.settings}</MenuItem>
      <MenuItem onSelect={() => window.open(outer('/docs'), '_blank', 'noopener')}>
        {t.nav.apiReference}
      </MenuItem>
      <MenuItem onSelect={() => signOut.mutate()}>{t.action.signOut}</MenuItem>
    </Menu>
  );
}
