import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { listPingChecks } from '#modules/checks';
import { systemScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { App } from '#platform/http/app';
import { isId } from '#platform/ids';
import { type BadgeStatus, badgeSvg } from './badge-svg.ts';
import { tagsOf } from './change.ts';
import { statusOf } from './view.ts';

const signatureLength = 12;
/** At the end of a signature: the badge shows only up and down, and late counts as up. */
const twoStates = '-2';
/** Counts are cached for this time, so that pages with many badges do not load the database. */
const countedMs = 10_000;
const browserSeconds = 30;
const organizationsMax = 1_000;
const formats = ['svg', 'json', 'shields'] as const;
type Format = (typeof formats)[number];

const shieldsColors: Readonly<Record<BadgeStatus, string>> = {
  up: 'success',
  late: 'important',
  down: 'critical',
};

interface Count {
  total: number;
  late: number;
  down: number;
}

type Counts = ReadonlyMap<string, Count>;

/** Addresses of tags cannot be guessed: each is signed with a key of the installation. */
function signatureOf(ctx: Pick<Ctx, 'vault'>, organizationId: string, tag: string): string {
  return ctx.vault.digest(`badge ${organizationId} ${tag}`).toString('base64url').slice(0, signatureLength);
}

export function badgeUrls(ctx: Pick<Ctx, 'vault'>, publicUrl: string, organizationId: string, tag: string) {
  const signature = signatureOf(ctx, organizationId, tag);
  const file = tag === '*' ? '' : `/${encodeURIComponent(tag)}`;
  const url = (end: string, format: Format) =>
    `${publicUrl}/badge/${organizationId}/${signature}${end}${file}.${format}`;
  return {
    svg: url(twoStates, 'svg'),
    svg3: url('', 'svg'),
    json: url(twoStates, 'json'),
    json3: url('', 'json'),
    shields: url(twoStates, 'shields'),
    shields3: url('', 'shields'),
  };
}

const text = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: Type.String() } },
});
const Key = Type.String({ description: 'Of the organization, as `badges` hands it out.' });

/** The badges that `badges` lists. Anybody with the address sees up, late or down, and numbers. */
export function badgeRoutes(app: App, ctx: Ctx): void {
  const counts = new Map<string, { readonly at: number; readonly counted: Promise<Counts> }>();

  function countsOf(organizationId: string): Promise<Counts> {
    const now = ctx.clock.now();
    const known = counts.get(organizationId);
    // `abs`, so that after the clock went back nothing stays cached for longer.
    if (known !== undefined && Math.abs(now - known.at) < countedMs) return known.counted;
    const oldest = counts.size >= organizationsMax ? counts.keys().next().value : undefined;
    if (oldest !== undefined) counts.delete(oldest);
    counts.delete(organizationId);
    const counted = count(ctx, organizationId);
    counts.set(organizationId, { at: now, counted });
    counted.catch(() => counts.delete(organizationId));
    return counted;
  }

  async function serve(
    request: FastifyRequest,
    reply: FastifyReply,
    file: string,
    signed: string,
    tag?: string,
  ) {
    // Safe because the router sets every parameter of the path, as text.
    const { key } = request.params as { key: string };
    const [, name = '', format] = /^(.*)\.(svg|json|shields)$/s.exec(file) ?? [];
    const signature = tag === undefined ? name : signed;
    const of = tag === undefined ? '*' : name;
    if (!isFormat(format) || !isId(key) || !isSigned(ctx, key.toLowerCase(), of, signature))
      return reply.code(404).type('text/plain; charset=utf-8').send('not found');
    const found = (await countsOf(key.toLowerCase())).get(of) ?? { total: 0, late: 0, down: 0 };
    const lateToo = signature.length === signatureLength;
    const status = found.down > 0 ? 'down' : found.late > 0 && lateToo ? 'late' : 'up';
    reply.headers({
      'access-control-allow-origin': '*',
      'cache-control': `public, max-age=${browserSeconds}`,
    });
    const label = of === '*' ? 'checks' : of;
    if (format === 'svg') return reply.type('image/svg+xml; charset=utf-8').send(badgeSvg(label, status));
    const body =
      format === 'json'
        ? { status, total: found.total, grace: found.late, down: found.down }
        : { schemaVersion: 1, label, message: status, color: shieldsColors[status] };
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
  }

  const schema = (operationId: string, summary: string, params: object) => ({
    summary,
    operationId,
    access: 'public',
    tags: ['healthchecks'],
    params,
    response: { 200: text('As SVG, or as JSON.', 'image/svg+xml'), 404: text('`not found`.', 'text/plain') },
  });
  const shared = { validatorCompiler: () => () => true };
  app.get(
    '/badge/:key/:file',
    {
      ...shared,
      schema: schema(
        'badgeOfAll',
        'The badge of all checks',
        Type.Object({
          key: Key,
          file: Type.String({ description: '`<signature>.svg`, `.json`, `.shields`.' }),
        }),
      ),
    },
    // Safe as above.
    (request, reply) => serve(request, reply, (request.params as { file: string }).file, ''),
  );
  app.get(
    '/badge/:key/:signature/:file',
    {
      ...shared,
      schema: schema(
        'badgeOfTag',
        'The badge of the checks with a tag',
        Type.Object({
          key: Key,
          signature: Type.String(),
          file: Type.String({ description: '`<tag>.svg`, `.json`, `.shields`.' }),
        }),
      ),
    },
    (request, reply) => {
      // Safe as above.
      const { file, signature } = request.params as { file: string; signature: string };
      return serve(request, reply, file, signature, file);
    },
  );
}

function isFormat(format: string | undefined): format is Format {
  return formats.some((one) => one === format);
}

function isSigned(ctx: Pick<Ctx, 'vault'>, organizationId: string, tag: string, signature: string): boolean {
  const bare =
    signature.length > signatureLength && signature.endsWith(twoStates) ? signature.slice(0, -2) : signature;
  const [given, wanted] = [Buffer.from(bare), Buffer.from(signatureOf(ctx, organizationId, tag))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function count(ctx: Ctx, organizationId: string): Promise<Counts> {
  const found = new Map<string, Count>();
  for (const check of await listPingChecks(ctx, systemScope(organizationId, '', 'badge'))) {
    const status = statusOf(check, 3);
    for (const tag of ['*', ...tagsOf(check)]) {
      const so = found.get(tag) ?? { total: 0, late: 0, down: 0 };
      so.total += 1;
      if (status === 'grace') so.late += 1;
      if (status === 'down') so.down += 1;
      found.set(tag, so);
    }
  }
  return found;
}
