import { Document, type Node } from 'yaml';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization } from '../work.ts';
import { manifestRegistry } from './registry.ts';

const head = [
  ' The watchkeeper.yaml of an export.',
  ' It holds no secrets: *** replaces each one, and an import leaves that secret as it is.',
].join('\n');

/**
 * The organization as a manifest. Applied to the same organization it changes nothing. A comment above
 * each section names what it cannot express, because a file must not look complete when it is not.
 */
export async function exportManifest(ctx: Ctx, scope: Scope): Promise<string> {
  requirePermission(scope, 'read');
  const document = new Document({ organization: scope.organizationSlug });
  document.commentBefore = head;
  await inOrganization(ctx, scope, async (work) => {
    for (const section of manifestRegistry(ctx).sections) {
      const { entries, leftOut = [] } = await section.read(work);
      if (entries.length === 0 && leftOut.length === 0) continue;
      const pair = document.createPair(section.key, entries);
      if (leftOut.length > 0) comment(pair.key, leftOut);
      document.add(pair);
    }
  });
  // No line is folded: a file that is compared by lines must not change its lines with their length.
  return document.toString({ lineWidth: 0 });
}

/** A name with a line break in it must not leave the comment. */
function comment(key: Node, sentences: readonly string[]): void {
  const lines = sentences.map((sentence) => `   ${sentence.replaceAll(/\s+/g, ' ')}`);
  key.commentBefore = [' Not in this file:', ...lines].join('\n');
}
