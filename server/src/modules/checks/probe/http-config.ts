import Type, { type Static } from 'typebox';
import { caField, serverNameField, skipVerifyField } from '#platform/kinds/fields';
import { regexLengthMax } from './regex-syntax.ts';

const headers = (title: string, description: string) =>
  Type.Optional(
    Type.Record(
      Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" }),
      Type.String({ maxLength: 4_000 }),
      {
        title,
        description,
        maxProperties: 30,
        advanced: true,
      },
    ),
  );
const text = (title: string, description: string, more: { advanced?: true } = {}) =>
  Type.Optional(Type.String({ title, description, minLength: 1, maxLength: 1_000, ...more }));

export const httpSchema = Type.Object(
  {
    url: Type.String({ title: 'URL', format: 'uri', pattern: '^https?://', maxLength: 2_000 }),
    method: Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], { title: 'Method', default: 'GET' }),
    headers: headers('Headers', 'Sent with the request.'),
    secret_headers: headers(
      'Secret headers',
      'Sent too, stored encrypted and never shown, for example Authorization.',
    ),
    body: Type.Optional(Type.String({ title: 'Body', maxLength: 65_536, advanced: true })),
    redirects_max: Type.Integer({
      title: 'Redirects followed',
      description: '0: redirects are not followed.',
      minimum: 0,
      maximum: 10,
      default: 0,
      advanced: true,
    }),
    host_header: Type.Optional(
      Type.String({
        title: 'Host header',
        description:
          'Sent instead of the host of the URL, for example behind a load balancer. It may end with a port.',
        minLength: 1,
        maxLength: 260,
        advanced: true,
        examples: ['shop.example.com'],
      }),
    ),
    server_name: serverNameField,
    resolve_to: Type.Optional(
      Type.String({
        title: 'Connect to this address',
        description:
          'Used instead of the address that the URL leads to, to check one machine of several. A private address must be allowed by OUTBOUND_ALLOW.',
        minLength: 1,
        maxLength: 45,
        advanced: true,
        examples: ['192.0.2.10'],
      }),
    ),
    user_agent: Type.Optional(
      Type.String({
        title: 'User-Agent',
        description: 'Sent instead of "Watchkeeper", for sites that answer only browsers.',
        minLength: 1,
        maxLength: 300,
        advanced: true,
      }),
    ),
    expect_status: Type.Array(Type.String({ pattern: '^([1-5]xx|[1-5]\\d\\d(-[1-5]\\d\\d)?)$' }), {
      title: 'Status',
      description: 'Any of these: 200, 200-299 or 2xx.',
      minItems: 1,
      maxItems: 20,
      default: ['2xx'],
    }),
    time_ms_max: Type.Optional(
      Type.Number({
        title: 'Time, at most (ms)',
        description: 'For everything together.',
        minimum: 1,
        maximum: 300_000,
      }),
    ),
    expect_headers: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ title: 'Name', minLength: 1, maxLength: 100 }),
            contains: text('Contains', 'Empty: any value is good.'),
          },
          { additionalProperties: false },
        ),
        { title: 'Headers of the answer', maxItems: 20, advanced: true },
      ),
    ),
    body_contains: text('Body contains', 'Only the first MiB is searched.'),
    body_not_contains: text('Body does not contain', 'Only the first MiB is searched.', { advanced: true }),
    body_matches: Type.Optional(
      Type.String({
        title: 'Body matches',
        description:
          'A regular expression in RE2 syntax, searched for in the first MiB: no lookahead, no lookbehind, no backreferences.',
        minLength: 1,
        maxLength: regexLengthMax,
        advanced: true,
      }),
    ),
    json: Type.Optional(
      Type.Array(
        Type.Object(
          {
            path: Type.String({
              title: 'Path',
              description: 'e.g. $.status or $.items[0].name',
              maxLength: 200,
            }),
            equals: Type.Optional(
              Type.Union([Type.String({ maxLength: 1_000 }), Type.Number(), Type.Boolean()], {
                title: 'Equals',
                description:
                  'All digits of a number are compared. Write a number of 16 digits or more as text.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        { title: 'JSON of the answer', maxItems: 20 },
      ),
    ),
    certificate_days_left_min: Type.Optional(
      Type.Integer({
        title: 'Days left of the certificate, at least',
        description: 'Of the whole chain, also at every redirect.',
        minimum: 0,
        maximum: 3_650,
      }),
    ),
    keep_body_bytes: Type.Integer({
      title: 'Bytes of the body kept with the result',
      description: '0: none is kept. A body may hold private data.',
      minimum: 0,
      maximum: 4_096,
      default: 0,
      advanced: true,
    }),
    ca: caField,
    skip_verify: skipVerifyField,
  },
  { additionalProperties: false },
);

export type HttpConfig = Static<typeof httpSchema>;
