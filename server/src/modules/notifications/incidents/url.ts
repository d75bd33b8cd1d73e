import { type Facts, onlyAlert } from './facts.ts';

/** Where the reader sees it: the alert, or the open alerts of the site. The console has no page of an incident yet. */
export function pageOf(
  facts: Facts,
  publicUrl: string,
  organization: string,
): { url: string; label: string } {
  const alert = onlyAlert(facts);
  if (alert !== undefined) return { url: `${publicUrl}/alerts/${alert.alert_id}`, label: 'Open the alert' };
  const site = facts.site === null ? '' : `?site=${encodeURIComponent(facts.site.slug)}`;
  return { url: `${publicUrl}/o/${organization}/alerts${site}`, label: 'Open its alerts' };
}
