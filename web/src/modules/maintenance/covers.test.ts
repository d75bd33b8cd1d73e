import { describe, expect, test } from 'vitest';
import { covers, type Place } from './covers';

const site: Place = { site: 'dartmouth' };
const bay: Place = { ...site, device: 'bay-4-pc', area: 'bay-4', type: 'trackman_pc' };
const shop: Place = { ...site, device: null, check: 'shop' };
const gateCheck: Place = { ...site, device: 'gate-1', area: null, type: 'gate', check: 'gate-port' };
const orgCheck: Place = { site: null, device: null, check: 'website' };

describe('a banner is shown only on the pages that its window covers', () => {
  test.each<[string, string, string[], Place[]]>([
    ['everything', 'all', ['all'], [site, bay, shop, gateCheck, orgCheck]],
    ['a whole site', 'dartmouth', ['all'], [site, bay, shop, gateCheck]],
    ['another site', 'bedford', ['all'], []],
    ['one device', 'dartmouth', ['device:gate-1'], [gateCheck]],
    ['one device by its bare name', 'dartmouth', ['bay-4-pc'], [bay]],
    ['an area', 'dartmouth', ['bay-4'], [bay]],
    ['a type everywhere', 'all', ['type:trackman_pc'], [bay]],
    ['a check', 'dartmouth', ['check:shop'], [shop]],
    ['a check of the organization', 'all', ['check:website'], [orgCheck]],
    ['a device of the same name elsewhere', 'bedford', ['bay-4-pc'], []],
  ])('%s', (_, location, systems, covered) => {
    const places = [site, bay, shop, gateCheck, orgCheck];
    expect(places.filter((place) => covers({ location, systems }, place))).toEqual(covered);
  });

  test('the overview has all current windows', () => {
    expect(covers({ location: 'bedford', systems: ['bay-1'] }, {})).toBe(true);
  });
});
