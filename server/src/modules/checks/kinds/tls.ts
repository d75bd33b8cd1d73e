import type { Socket } from 'node:net';
import Type from 'typebox';
import { certificateFacts, daysLeftReason } from '#platform/exchange/certificate';
import { openTlsSocket } from '#platform/exchange/open-socket';
import { failed, ok } from '#platform/exchange/probe';
import {
  caField,
  hostField,
  portField,
  refusedHost,
  serverNameField,
  skipVerifyField,
} from '#platform/kinds/fields';
import { defineCheckKind } from '../kind.ts';
import { startTls, startTlsProtocols } from '../probe/starttls.ts';

export const tls = defineCheckKind({
  kind: 'tls',
  label: 'TLS certificate',
  help: 'Makes a TLS connection and checks the certificate: the issuer is trusted, the name is right, and enough days are left.',
  schema: Type.Object(
    {
      host: hostField,
      port: portField(443),
      starttls: Type.Optional(
        Type.Enum([...startTlsProtocols], {
          title: 'Begins without TLS (STARTTLS)',
          description:
            'The protocol before TLS begins, e.g. smtp on port 25 or 587. Left out: TLS from the first byte.',
          labels: {
            smtp: 'SMTP',
            imap: 'IMAP',
            pop3: 'POP3',
            ftp: 'FTP',
            ldap: 'LDAP',
            postgres: 'PostgreSQL',
            xmpp: 'XMPP',
            'xmpp-server': 'XMPP between servers',
          },
        }),
      ),
      server_name: serverNameField,
      days_left_min: Type.Integer({ title: 'Days left, at least', minimum: 0, maximum: 3_650, default: 14 }),
      ca: caField,
      skip_verify: skipVerifyField,
    },
    { additionalProperties: false },
  ),
  secrets: [],
  fixture: { host: 'www.example.com', port: 443, days_left_min: 14, skip_verify: false },
  target: (config) => config.host.toLowerCase(),
  hosts: (config) => [{ field: 'host', host: config.host, port: config.port }],
  check: ({ server_name: name }) => {
    const message = name === undefined ? undefined : refusedHost(name);
    return message === undefined ? [] : [{ field: 'server_name', message }];
  },
  async run(config, deps) {
    const wish = { servername: config.server_name, ca: config.ca, verify: !config.skip_verify };
    const { starttls } = config;
    const name = config.server_name ?? config.host;
    const before =
      starttls === undefined ? undefined : (plain: Socket) => startTls(plain, starttls, name, deps);
    const socket = await openTlsSocket(deps, config.host, config.port, wish, before);
    try {
      const facts = certificateFacts(socket, deps.now(), config.ca);
      if (facts === undefined) return failed('The server sent no certificate.');
      const details = { ...facts, protocol: socket.getProtocol() };
      deps.log(`certificate of "${facts.certificate_subject}" by "${facts.certificate_issuer}"`);
      if (facts.certificate_days_left < config.days_left_min)
        return failed(daysLeftReason(facts, config.days_left_min), details);
      return ok(`The certificate is good for ${facts.certificate_days_left} more days.`, details);
    } finally {
      socket.destroy();
    }
  },
});
