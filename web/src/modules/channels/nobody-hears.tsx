import { useQuery } from '@tanstack/react-query';
import { channelsQuery } from '../../api/queries/channels';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';

/** A watch that tells nobody looks the same as one that does, so this warns. */
export function NobodyHears({ className }: { className: string }) {
  const { org } = useOrg();
  const { data } = useQuery(channelsQuery(org));
  if (data === undefined || data.data.some((channel) => channel.enabled)) return null;
  return (
    <Notice
      tone="attention"
      role="status"
      className={className}
      action={
        <AppLink to={paths.channels({ org })} className={buttonClass()}>
          {t.ledger.toChannels}
        </AppLink>
      }
    >
      {t.ledger.nobodyHears}
    </Notice>
  );
}
