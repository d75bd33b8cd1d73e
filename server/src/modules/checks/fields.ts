import Type from 'typebox';

/** Config fields that several kinds share, so that they read alike in every form. */
export const hostField = Type.String({
  title: 'Host',
  description: 'A name or an address.',
  minLength: 1,
  maxLength: 253,
});

export function portField(usual: number) {
  return Type.Integer({ title: 'Port', minimum: 1, maximum: 65_535, default: usual });
}

export const caField = Type.Optional(
  Type.String({
    title: 'Own certificate authority (PEM)',
    description: 'Trusted by this check alone, instead of the public authorities.',
    maxLength: 20_000,
    pattern: '-----BEGIN CERTIFICATE-----',
    advanced: true,
  }),
);

export const skipVerifyField = Type.Boolean({
  title: 'Accept any certificate',
  description: 'Neither issuer nor name is verified: whoever answers is believed. Better give the authority.',
  default: false,
  advanced: true,
});

export const secretField = (title: string) => Type.Optional(Type.String({ title, maxLength: 1_000 }));
