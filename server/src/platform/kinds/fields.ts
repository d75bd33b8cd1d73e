import Type from 'typebox';
import { normalizeHostname } from '../outbound/host.ts';
import type { KindConfig } from './registry.ts';

/** Config fields that several kinds share, so that they look the same in every form. */
export const hostField = Type.String({
  title: 'Host',
  description: 'A name or an address.',
  minLength: 1,
  maxLength: 253,
});

export const serverNameField = Type.Optional(
  Type.String({
    title: 'Server name',
    description: 'Sent as SNI and expected in the certificate, if it differs from the host.',
    minLength: 1,
    maxLength: 253,
    advanced: true,
  }),
);

export function portField(usual: number) {
  return Type.Integer({ title: 'Port', minimum: 1, maximum: 65_535, default: usual });
}

export const caField = Type.Optional(
  Type.String({
    title: 'Own certificate authority (PEM)',
    description: 'Only this check trusts it, instead of the public authorities.',
    maxLength: 20_000,
    pattern: '-----BEGIN CERTIFICATE-----',
    advanced: true,
  }),
);

export const skipVerifyField = Type.Boolean({
  title: 'Accept any certificate',
  description:
    'Issuer and name are not verified, so any server is accepted. It is better to give the authority.',
  default: false,
  advanced: true,
});

export const secretField = (title: string) => Type.Optional(Type.String({ title, maxLength: 1_000 }));

/** A host that a config connects to, with the name of its field. */
export interface NamedHost {
  readonly field: string;
  readonly host: string;
  readonly port: number;
}

/** A kind that connects to hosts named in its config. */
export interface ConnectingKind {
  readonly hosts?: (config: KindConfig) => readonly NamedHost[];
}

/** Why a text is not a host, or undefined. Port, scheme and path have their own fields. */
export function refusedHost(text: string): string | undefined {
  try {
    normalizeHostname(text);
    return undefined;
  } catch {
    return 'must be a name or an address only, e.g. db.example.com: no scheme, port, path or space';
  }
}
