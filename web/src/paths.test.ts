import { describe, expect, test } from 'vitest';
import { paths, safeReturnPath } from './paths';

describe('the path builder', () => {
  test('builds every address of the console', () => {
    const org = 'acme';
    expect({
      home: paths.home(),
      signIn: paths.signIn(),
      signInAndBack: paths.signIn({ to: '/o/acme/sites?x=1' }),
      overview: paths.overview({ org }),
      alerts: paths.alerts({ org }),
      alertsFiltered: paths.alerts({ org, show: 'resolved', site: 'dartmouth' }),
      alert: paths.alert({ org, alert: '0193' }),
      sites: paths.sites({ org }),
      addSite: paths.addSite({ org }),
      site: paths.site({ org, site: 'dartmouth' }),
      addDevice: paths.addDevice({ org }),
      addDeviceThere: paths.addDevice({ org, site: 'dartmouth' }),
      device: paths.device({ org, device: 'bay-4-pc' }),
      settings: paths.settings({ org }),
      settingsAudit: paths.settingsSection({ org, section: 'audit', query: { who: 'dana' } }),
    }).toMatchInlineSnapshot(`
      {
        "addDevice": "/o/acme/devices/new",
        "addDeviceThere": "/o/acme/devices/new?site=dartmouth",
        "addSite": "/o/acme/sites/new",
        "alert": "/o/acme/alerts/0193",
        "alerts": "/o/acme/alerts",
        "alertsFiltered": "/o/acme/alerts?show=resolved&site=dartmouth",
        "device": "/o/acme/devices/bay-4-pc",
        "home": "/",
        "overview": "/o/acme",
        "settings": "/o/acme/settings",
        "settingsAudit": "/o/acme/settings/audit?who=dana",
        "signIn": "/sign-in",
        "signInAndBack": "/sign-in?to=%2Fo%2Facme%2Fsites%3Fx%3D1",
        "site": "/o/acme/sites/dartmouth",
        "sites": "/o/acme/sites",
      }
    `);
  });

  test('escapes names that real fleets use', () => {
    expect(paths.device({ org: 'acme', device: 'pos/1:2 ä' })).toBe('/o/acme/devices/pos%2F1%3A2%20%C3%A4');
  });
});

describe('the path to return to after signing in', () => {
  test('keeps a path inside the console with its query and fragment', () => {
    expect(safeReturnPath('/o/acme/alerts?show=all#x')).toBe('/o/acme/alerts?show=all#x');
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    'o/acme',
  ])('does not leave the console for %j', (to) => expect(safeReturnPath(to)).toBe('/'));

  test('does not lead back to the sign-in page', () => {
    expect(safeReturnPath('/sign-in?to=/sign-in')).toBe('/');
  });
});
