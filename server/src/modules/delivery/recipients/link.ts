import type { Config } from '#config';
import { isId } from '#platform/ids';
import type { Vault } from '#platform/vault';

export type LinkPurpose = 'confirm' | 'unsubscribe';

/** The content of a link in a mail. It is sealed: nobody else can make one, and it shows no address. */
export interface RecipientLink {
  readonly purpose: LinkPurpose;
  readonly organizationId: string;
  readonly recipientId: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** How long somebody may take to confirm. An unsubscribe link never ends. */
export const confirmHours = 48;

/** Sealed texts of other sorts lie in the database; none of them begins so. */
const sort = 'recipient';

export function linkUrl(ctx: { config: Pick<Config, 'http'>; vault: Vault }, link: RecipientLink): string {
  const { purpose, organizationId, recipientId, issuedAt } = link;
  const token = ctx.vault.seal([sort, purpose, organizationId, recipientId, issuedAt].join(' '));
  return `${ctx.config.http.publicUrl}/recipients/${purpose}/${token}`;
}

/** undefined: not a link of ours, or not for this purpose. */
export function openLink(vault: Vault, purpose: LinkPurpose, token: string): RecipientLink | undefined {
  const [of, forWhat, organizationId = '', recipientId = '', issued] = opened(vault, token).split(' ');
  if (of !== sort || forWhat !== purpose || !isId(organizationId) || !isId(recipientId)) return undefined;
  return { purpose, organizationId, recipientId, issuedAt: Number(issued) };
}

function opened(vault: Vault, token: string): string {
  try {
    return vault.open(token);
  } catch {
    return '';
  }
}
