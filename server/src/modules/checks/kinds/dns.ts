import { Resolver } from 'node:dns/promises';
import Type, { type Static } from 'typebox';
import { OutboundRefused } from '#platform/outbound/outbound';
import { hostField } from '../fields.ts';
import { defineCheckKind, failed, ok, type ProbeDeps } from '../kind.ts';

const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SOA'] as const;
const answersShownMax = 20;

const schema = Type.Object(
  {
    name: hostField,
    record: Type.Enum([...recordTypes], { title: 'Record type', default: 'A' }),
    expected: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
        title: 'Expected',
        description: 'All of these must be among the answers. An MX is written "10 mail.example.com".',
        maxItems: 20,
      }),
    ),
    server: Type.Optional(
      Type.String({
        title: 'Ask this server',
        description: 'Instead of the resolver of this machine.',
        maxLength: 253,
      }),
    ),
    server_port: Type.Integer({ title: 'Port of that server', minimum: 1, maximum: 65_535, default: 53 }),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

export const dns = defineCheckKind({
  kind: 'dns',
  label: 'DNS record',
  help: 'Asks for a record of a name and compares the answers. Names that lead into a private network are refused like any other private target.',
  schema,
  secrets: [],
  fixture: { name: 'www.example.com', record: 'A', expected: ['192.0.2.10'], server_port: 53 },
  target: (config) => (config.server ?? 'resolver of this machine').toLowerCase(),
  async run(config, deps) {
    const resolver = new Resolver({ timeout: deps.timeoutMs, tries: 1 });
    await aimAt(resolver, config, deps);
    const onAbort = (): void => resolver.cancel();
    deps.signal.addEventListener('abort', onAbort, { once: true });
    const started = performance.now();
    try {
      deps.signal.throwIfAborted();
      const answers = await ask(resolver, config);
      deps.time('dns_ms', performance.now() - started);
      deps.log(`${config.record} ${config.name}: ${answers.join(', ')}`);
      return judge(config, answers);
    } catch (error) {
      deps.signal.throwIfAborted();
      const missing =
        error instanceof Error && 'code' in error && ['ENOTFOUND', 'ENODATA'].includes(String(error.code));
      if (missing) return failed(`${config.name} has no ${config.record} record.`);
      throw error;
    } finally {
      deps.signal.removeEventListener('abort', onAbort);
    }
  },
});

/** Our own resolver may know names of the inside; those are refused as targets are. */
async function aimAt(resolver: Resolver, config: Config, deps: ProbeDeps): Promise<void> {
  if (config.server !== undefined) {
    const { addresses, port } = await deps.outbound.vetHost(config.server, config.server_port, deps.signal);
    resolver.setServers(
      addresses.map(({ address, family }) => (family === 6 ? `[${address}]:${port}` : `${address}:${port}`)),
    );
    return;
  }
  try {
    await deps.outbound.vetHost(config.name, config.server_port, deps.signal);
  } catch (error) {
    deps.signal.throwIfAborted();
    if (error instanceof OutboundRefused) throw error;
  }
}

async function ask(resolver: Resolver, { name, record }: Config): Promise<string[]> {
  if (record === 'MX')
    return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
  if (record === 'TXT') return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  if (record === 'SOA') {
    const soa = await resolver.resolveSoa(name);
    return [`${soa.nsname} ${soa.hostmaster} ${soa.serial}`];
  }
  return await resolver.resolve(name, record);
}

function judge(config: Config, answers: readonly string[]) {
  const details = { answers: answers.slice(0, answersShownMax) };
  const plain = (text: string) => (config.record === 'TXT' ? text : text.toLowerCase().replace(/\.$/, ''));
  const there = new Set(answers.map(plain));
  const missing = (config.expected ?? []).filter((one) => !there.has(plain(one)));
  if (missing.length > 0) {
    const given = details.answers.join(', ').slice(0, 500);
    return failed(`The answer lacks ${missing.join(', ')}; it is ${given}.`, details);
  }
  return ok(
    `${config.name} has ${answers.length} ${config.record} ${answers.length === 1 ? 'record' : 'records'}.`,
    details,
  );
}
