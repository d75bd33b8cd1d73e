import Type from 'typebox';
import { escapeHtml } from '../html.ts';
import { defineChannelKind } from '../kind.ts';
import type { Outcome, SendDeps } from '../outcome.ts';
import { codeOf, tidy } from '../senders/http-outcome.ts';
import type { Message } from '../topics/message.ts';

const recipientsMax = 50;
const missingServer = 'E-mail is switched off: SMTP_URL is not set on this server.';

export const email = defineChannelKind({
  kind: 'email',
  label: 'E-mail',
  help: 'One message to each address, over the mail server of this install (SMTP_URL).',
  schema: Type.Object(
    {
      to: Type.Array(
        Type.String({
          pattern: '^[^\\s@<>",;]+@[^\\s@<>",;]+$',
          patternHelp: 'Write an address such as name@example.com.',
          examples: ['ops@example.com'],
          maxLength: 254,
        }),
        {
          title: 'Recipients',
          description: `E-mail addresses, at most ${recipientsMax}.`,
          minItems: 1,
          maxItems: recipientsMax,
        },
      ),
    },
    { additionalProperties: false },
  ),
  secrets: [],
  urls: [],
  generate: {},
  capabilities: { itemsPerMessageMax: 500, thread: true, buttons: false, unsubscribe: true },
  fixture: { to: ['ops@example.com', 'night-shift@example.com'] },
  unavailable: (config) => (config.email.smtpUrl === undefined ? missingServer : undefined),
  recipients: (config) =>
    [...new Set(config.to.map((address) => address.toLowerCase()))].map((address) => ({
      label: address,
      identity: address,
    })),
  addressed: (address) => ({ to: [address.toLowerCase()] }),
  target: (_config, { email: { smtpUrl } }) => (smtpUrl === undefined ? '' : new URL(smtpUrl).host),
  async send(_config, message, deps) {
    const { smtpUrl } = deps.config.email;
    if (smtpUrl === undefined) return { outcome: 'permanent', reason: missingServer };
    return await sendMail(smtpUrl, message, deps);
  },
});

async function sendMail(smtpUrl: string, message: Message, deps: SendDeps): Promise<Outcome> {
  const handover = watchHandover();
  // Loaded with the first mail: many a pass from cron sends none.
  const { createTransport } = await import('nodemailer');
  // A connection per message: closing it is the only way to abort a send, and a dead one harms no other.
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: deps.timeoutMs,
    greetingTimeout: deps.timeoutMs,
    socketTimeout: deps.timeoutMs,
    dnsTimeout: deps.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: handover.logger,
  });
  const stop = AbortSignal.any([deps.signal, AbortSignal.timeout(deps.timeoutMs)]);
  const { promise: aborted, resolve: abort } = Promise.withResolvers<Outcome>();
  const onAbort = () => {
    transport.close();
    abort({
      outcome: 'retry',
      reason: `The mail server did not finish within ${deps.timeoutMs / 1000} s.`,
      maybeDelivered: handover.isDone(),
    });
  };
  stop.addEventListener('abort', onAbort, { once: true });
  try {
    const sending = transport.sendMail(mailOf(message, deps)).then(
      (info): Outcome => ({ outcome: 'sent', detail: tidy(info.response) }),
      (error: unknown) => outcomeOfError(error, handover.isDone()),
    );
    return await Promise.race([sending, aborted]);
  } finally {
    stop.removeEventListener('abort', onAbort);
    transport.close();
  }
}

/**
 * Whether the whole text went out. The library reports a close after that as a connection that failed, like
 * one that never was; its log alone tells them apart.
 */
function watchHandover() {
  let done = false;
  const ignore = () => undefined;
  return {
    isDone: () => done,
    logger: {
      level: ignore,
      trace: ignore,
      debug: ignore,
      info(entry: unknown) {
        done ||=
          typeof entry === 'object' &&
          entry !== null &&
          'tnx' in entry &&
          entry.tnx === 'message' &&
          'outByteCount' in entry;
      },
      warn: ignore,
      error: ignore,
      fatal: ignore,
    },
  };
}

function mailOf(message: Message, deps: SendDeps) {
  const host = new URL(deps.config.http.publicUrl).hostname;
  const { unsubscribe } = message;
  return {
    from: deps.config.email.from,
    to: message.recipient,
    subject: `[${message.organization.name}] ${message.title}`,
    messageId: `<${message.id}@${host}>`,
    ...(message.thread === undefined ? {} : { references: `<${message.thread}@${host}>` }),
    date: message.createdAt,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(unsubscribe?.url.startsWith('https:') === true
        ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
        : {}),
    },
    list: {
      id: {
        url: `${message.organization.slug}.${message.list}.${host}`,
        comment: `${message.organization.slug} ${message.list}`,
      },
      ...(unsubscribe === undefined
        ? { help: `${deps.config.http.publicUrl}/o/${message.organization.slug}` }
        : { unsubscribe: unsubscribe.url }),
    },
    text: `${[message.title, '', ...message.lines, '', ...linksOf(message)].join('\n')}\n`,
    html: htmlOf(message),
  };
}

function linksOf({ linkLabel, url, unsubscribe }: Message): string[] {
  const more = unsubscribe === undefined ? [] : ['', `${unsubscribe.label}: ${unsubscribe.url}`];
  return [`${linkLabel}: ${url}`, ...more];
}

function htmlOf(message: Message): string {
  const { unsubscribe, language = 'en' } = message;
  const end =
    unsubscribe === undefined
      ? ''
      : `\n<p style="margin:24px 0 0;font-size:13px"><a href="${escapeHtml(unsubscribe.url)}" style="color:#5a6472">${escapeHtml(unsubscribe.label)}</a></p>`;
  const lines = message.lines.map((line) => `<p style="margin:0 0 6px">${escapeHtml(line)}</p>`).join('');
  return `<!doctype html><html lang="${escapeHtml(language)}"><body style="font:16px/1.5 system-ui,sans-serif;color:#1c2430;margin:24px;max-width:36em">
<h1 style="font-size:20px;margin:0 0 12px">${escapeHtml(message.title)}</h1>
${lines}
<p style="margin:16px 0 0"><a href="${escapeHtml(message.url)}">${escapeHtml(message.linkLabel)}</a></p>${end}
</body></html>`;
}

/** A 5xx about the message or its address is final. The operator can correct a login or a connection, so those are retried. */
function outcomeOfError(error: unknown, handedOver: boolean): Outcome {
  const code = codeOf(error) ?? 'unknown';
  const status =
    error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
      ? error.responseCode
      : undefined;
  const answer =
    error instanceof Error && 'response' in error && typeof error.response === 'string'
      ? tidy(error.response)
      : undefined;
  const said = {
    ...(answer === undefined ? {} : { detail: answer }),
    ...(status === undefined ? {} : { status }),
  };
  if (code === 'EAUTH')
    return { outcome: 'retry', reason: 'The mail server does not accept the login of SMTP_URL.', ...said };
  if (status !== undefined && status >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')) {
    const refused = refusesAddress(error, answer) ? { addressRefused: true as const } : {};
    return {
      outcome: 'permanent',
      reason: `The mail server refused the message (${status}).`,
      ...refused,
      ...said,
    };
  }
  if (status !== undefined)
    return { outcome: 'retry', reason: `The mail server asked us to try later (${status}).`, ...said };
  return handedOver
    ? {
        outcome: 'retry',
        reason: 'The mail server took the whole message and did not answer.',
        maybeDelivered: true,
      }
    : { outcome: 'retry', reason: `The mail server could not be reached (${code}).`, maybeDelivered: false };
}

/**
 * Whether the server speaks of the address and not of us: RFC 3463 has 5.1.x for addresses and 5.2.1 for a mailbox
 * that is switched off; 5.7.x is policy. A server that gives no such code is taken at its 5xx.
 */
function refusesAddress(error: unknown, answer = ''): boolean {
  if (!(error instanceof Error && 'command' in error && error.command === 'RCPT TO')) return false;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(answer)?.[1];
  return enhanced === undefined || /^5\.(1\.\d+|2\.1)$/.test(enhanced);
}
