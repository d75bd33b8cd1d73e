import type { PeerCertificate } from 'node:tls';
import Type from 'typebox';
import { caField, hostField, portField, skipVerifyField } from '../fields.ts';
import { defineCheckKind, failed, ok } from '../kind.ts';
import { openTlsSocket } from '../open-socket.ts';

const dayMs = 86_400_000;

export interface CertificateFacts extends Record<string, unknown> {
  readonly certificate_subject: string;
  readonly certificate_issuer: string;
  readonly certificate_valid_to: string;
  readonly certificate_days_left: number;
}

/** What a person wants to know of a certificate. */
export function certificateFacts(certificate: PeerCertificate, now: number): CertificateFacts {
  const validTo = new Date(certificate.valid_to);
  return {
    certificate_subject: nameOf(certificate.subject),
    certificate_issuer: nameOf(certificate.issuer),
    certificate_valid_to: Number.isNaN(validTo.getTime()) ? certificate.valid_to : validTo.toISOString(),
    certificate_days_left: Math.floor((validTo.getTime() - now) / dayMs),
  };
}

export function daysLeftReason(facts: CertificateFacts, daysMin: number): string {
  const left = facts.certificate_days_left;
  const when = left === 1 ? 'in 1 day' : `in ${left} days`;
  return `The certificate expires ${when} (${facts.certificate_valid_to.slice(0, 10)}); at least ${daysMin} are asked for.`;
}

function nameOf(subject: PeerCertificate['subject'] | undefined): string {
  const name: unknown = subject?.CN ?? subject?.O;
  return typeof name === 'string' ? name.slice(0, 200) : '';
}

export const tls = defineCheckKind({
  kind: 'tls',
  label: 'TLS certificate',
  help: 'Makes a TLS connection and looks at the certificate: issuer and name are trusted, and enough days are left.',
  schema: Type.Object(
    {
      host: hostField,
      port: portField(443),
      server_name: Type.Optional(
        Type.String({
          title: 'Server name',
          description: 'Asked for (SNI) and expected in the certificate, where it differs from the host.',
          minLength: 1,
          maxLength: 253,
        }),
      ),
      days_left_min: Type.Integer({ title: 'Days left, at least', minimum: 0, maximum: 3_650, default: 14 }),
      ca: caField,
      skip_verify: skipVerifyField,
    },
    { additionalProperties: false },
  ),
  secrets: [],
  fixture: { host: 'www.example.com', port: 443, days_left_min: 14, skip_verify: false },
  target: (config) => config.host.toLowerCase(),
  async run(config, deps) {
    const socket = await openTlsSocket(deps, config.host, config.port, {
      servername: config.server_name,
      ca: config.ca,
      verify: !config.skip_verify,
    });
    try {
      const facts = certificateFacts(socket.getPeerCertificate(), deps.now());
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
