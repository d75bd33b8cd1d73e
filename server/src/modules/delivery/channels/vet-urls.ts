import type { Ctx } from '#platform/context';
import { invalidField } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { OutboundRefused } from '#platform/outbound/outbound';
import type { ChannelKind } from '../kind.ts';

/**
 * Refuses a URL that this server will never call. A name that does not resolve today is let through:
 * every delivery vets it again. @throws validation_failed naming the field
 */
export async function vetUrls(
  ctx: Pick<Ctx, 'outbound'>,
  kind: ChannelKind,
  config: KindConfig,
): Promise<void> {
  for (const name of kind.urls) {
    const url = config[name];
    if (typeof url !== 'string') continue;
    try {
      await ctx.outbound.vet(url);
    } catch (error) {
      if (error instanceof OutboundRefused) throw invalidField(`config.${name}`, error.message);
    }
  }
}
