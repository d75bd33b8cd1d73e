import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { cutText } from '@watchkeeper/contracts/text';
import Type, { type Static } from 'typebox';
import { failed, ok, type Probe, type ProbeDeps } from '#platform/exchange/probe';
import { hostField } from '#platform/kinds/fields';
import { canonicalAddress } from '#platform/outbound/address';
import { normalizeHostname } from '#platform/outbound/host';
import { OutboundRefused } from '#platform/outbound/outbound';
import { defineCheckKind } from '../kind.ts';
import {
  type Answered,
  askRecords,
  dnsFaultWords,
  leadsNowhere,
  missingOf,
  recordTypes,
  reverseAddress,
  silentServer,
} from '../probe/dns-records.ts';

const answersShownMax = 20;
/** Share of the check's timeout. A silent DNS server is reported in our own words, before the general timeout. */
const patience = 0.9;

const schema = Type.Object(
  {
    name: { ...hostField, description: 'A name. For PTR, an address is possible too.' },
    record: Type.Enum([...recordTypes], { title: 'Record type', default: 'A' }),
    expected: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
        title: 'Expected',
        description:
          'All of these must be among the answers. An MX is written "10 mail.example.com", an SRV "10 20 5060 sip.example.com" (priority, weight, port, name), a CAA "0 issue letsencrypt.org".',
        maxItems: 20,
      }),
    ),
    must_not_exist: Type.Optional(
      Type.Boolean({
        title: 'Must not exist',
        description:
          'The check succeeds when there is no such record, for example of a name that is no longer used.',
        advanced: true,
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
  help: 'Asks for a record of a name and compares the answers; an alias (CNAME) must lead somewhere. Names that resolve to a private network are refused like any other private target.',
  schema,
  secrets: [],
  fixture: { name: 'www.example.com', record: 'A', expected: ['192.0.2.10'], server_port: 53 },
  target: (config) => (config.server ?? 'resolver of this machine').toLowerCase(),
  check: mistakesOf,
  // Our own resolver may know internal names. They are refused like any other private target.
  hosts: ({ name, server, server_port: port }) =>
    server === undefined
      ? [{ field: 'name', host: reverseAddress(name) ?? name, port }]
      : [{ field: 'server', host: server, port }],
  async run(config, deps) {
    const name = normalizeHostname(config.name);
    const resolver = new Resolver({ timeout: deps.timeoutMs, tries: 1 });
    await aimAt(resolver, config, deps);
    // A timer of our own, because the resolver looks at its timeout only about once a second.
    let isSilent = false;
    const patienceEnds = setTimeout(() => {
      isSilent = true;
      resolver.cancel();
    }, deps.timeoutMs * patience);
    const onAbort = (): void => resolver.cancel();
    deps.signal.addEventListener('abort', onAbort, { once: true });
    const started = performance.now();
    try {
      deps.signal.throwIfAborted();
      const answered = await askRecords(resolver, name, config.record);
      deps.time('dns_ms', performance.now() - started);
      const { answers } = answered;
      deps.log(`${config.record} ${name}: ${answers.length === 0 ? answered.lack : answers.join(', ')}`);
      const probe = judge(config, name, answered);
      if (probe.outcome !== 'ok' || config.record !== 'CNAME') return probe;
      const nowhere = await leadsNowhere(resolver, answers);
      return nowhere === undefined
        ? probe
        : failed(`${name} is an alias of ${nowhere}, which does not resolve.`, probe.details);
    } catch (error) {
      deps.signal.throwIfAborted();
      const words = isSilent ? silentServer : dnsFaultWords(error, name);
      if (words === undefined) throw error;
      return failed(words);
    } finally {
      clearTimeout(patienceEnds);
      deps.signal.removeEventListener('abort', onAbort);
    }
  },
});

/** Our own resolver may know internal names. They are refused like any other private target. */
async function aimAt(resolver: Resolver, config: Config, deps: ProbeDeps): Promise<void> {
  if (config.server !== undefined) {
    const { addresses, port } = await deps.outbound.vetHost(config.server, config.server_port, deps.signal);
    resolver.setServers(
      addresses.map(({ address, family }) => (family === 6 ? `[${address}]:${port}` : `${address}:${port}`)),
    );
    return;
  }
  try {
    const host = reverseAddress(config.name) ?? config.name;
    await deps.outbound.vetHost(host, config.server_port, deps.signal);
  } catch (error) {
    deps.signal.throwIfAborted();
    if (error instanceof OutboundRefused) throw error;
  }
}

function judge(config: Config, name: string, { answers, lack }: Answered): Probe {
  const details = { answers: answers.slice(0, answersShownMax) };
  const shown = cutText(details.answers.join(', '), 500);
  if (config.must_not_exist === true)
    return answers.length === 0
      ? ok(`${name} has no ${config.record} record, as it should be.`, details)
      : failed(`${name} has the record ${config.record} that should not exist: ${shown}.`, details);
  if (answers.length === 0) return failed(`${name} has no ${config.record} record: ${lack}.`, details);
  const missing = missingOf(config.record, config.expected ?? [], answers);
  if (missing.length > 0) return failed(`The answer lacks ${missing.join(', ')}; it is ${shown}.`, details);
  const records = answers.length === 1 ? 'record' : 'records';
  return ok(`${name} has ${answers.length} ${config.record} ${records}.`, details);
}

function mistakesOf(config: Config): { field: string; message: string }[] {
  const mistakes: { field: string; message: string }[] = [];
  if (isIP(config.name) !== 0 && config.record !== 'PTR')
    mistakes.push({
      field: 'name',
      message: 'is an address, which only a PTR record can have; write a name',
    });
  if (config.must_not_exist === true && (config.expected?.length ?? 0) > 0)
    mistakes.push({
      field: 'expected',
      message: 'contradicts the other: records cannot be expected and absent at once; remove one',
    });
  const family = { A: 4, AAAA: 6 }[config.record as string];
  for (const [index, text] of (config.expected ?? []).entries())
    if (family !== undefined && (canonicalAddress(text) === undefined || isIP(text) !== family))
      mistakes.push({ field: `expected.${index}`, message: `must be an IPv${family} address` });
  return mistakes;
}
