import { X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, getCACertificates, type TLSSocket } from 'node:tls';
import { cutText } from '@watchkeeper/contracts/text';

const dayMs = 86_400_000;
/** How many certificates of a chain are checked. */
const chainMax = 10;
const nameLengthMax = 200;

/** Facts about a certificate, for people. */
export interface CertificateFacts extends Record<string, unknown> {
  readonly certificate_subject: string;
  readonly certificate_issuer: string;
  /** The end of the certificate in the chain that expires first: with it, the whole chain becomes invalid. */
  readonly certificate_valid_to: string;
  readonly certificate_days_left: number;
  /** Which certificate that is, if it is not the server's own. */
  readonly certificate_ends_first?: string;
}

interface Link {
  readonly name: string;
  readonly issuer: string;
  readonly validTo: Date;
  readonly isSelfSigned: boolean;
}

/** Read right after the handshake: once the connection has ended, its certificate is no longer available. */
export function certificateFacts(
  socket: TLSSocket,
  now: number,
  ca: string | undefined,
): CertificateFacts | undefined {
  const chain = chainOf(socket, ca);
  const [own] = chain;
  if (own === undefined) return undefined;
  const first = chain.reduce((one, other) => (other.validTo < one.validTo ? other : one), own);
  return {
    certificate_subject: own.name,
    certificate_issuer: own.issuer,
    certificate_valid_to: first.validTo.toISOString(),
    certificate_days_left: Math.floor((first.validTo.getTime() - now) / dayMs),
    ...(first === own ? {} : { certificate_ends_first: first.name }),
  };
}

export function daysLeftReason(facts: CertificateFacts, daysMin: number): string {
  const left = facts.certificate_days_left;
  const when =
    left < 0
      ? `expired ${daysWords(-left)} ago`
      : `expires ${left === 0 ? 'today' : `in ${daysWords(left)}`}`;
  const date = facts.certificate_valid_to.slice(0, 10);
  return `${whose(facts.certificate_ends_first)} ${when} (${date}); at least ${daysMin} are required.`;
}

function daysWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

function whose(authority: string | undefined): string {
  return authority === undefined
    ? 'The certificate'
    : `The certificate of the authority "${authority}" in the chain`;
}

/** Why the certificate of a connection is not trusted, for the person who must fix it. */
export function distrustReason(socket: TLSSocket, now: number, ca: string | undefined): string {
  const code = codeOf(socket.authorizationError);
  const chain = chainOf(socket, ca);
  const [own, last] = [chain[0], chain.at(-1)];
  switch (code) {
    case 'CERT_HAS_EXPIRED': {
      const expired = chain.find((link) => link.validTo.getTime() < now);
      if (expired === undefined) return 'The certificate has expired.';
      const authority = expired === own ? undefined : expired.name;
      return `${whose(authority)} has expired: it was good until ${expired.validTo.toISOString().slice(0, 10)}.`;
    }
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return last === undefined || last.isSelfSigned
        ? 'The chain is incomplete or its authority is not trusted.'
        : `The chain is incomplete: the server does not send the intermediate certificate of "${last.issuer}", which issued the certificate of "${last.name}"; or this authority is not trusted here.`;
    default:
      return distrustWords[code] ?? `The certificate is not trusted (${code.slice(0, nameLengthMax)}).`;
  }
}

const distrustWords: Readonly<Record<string, string>> = {
  CERT_NOT_YET_VALID: 'The certificate is not valid yet.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed and its authority is not trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The chain ends in an authority that is not trusted.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name.',
  CERT_REVOKED: 'The certificate has been revoked.',
  INVALID_PURPOSE: 'The certificate is not meant for servers.',
};

/** Node.js gives the code as a string here, although its types say Error. */
function codeOf(error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
}

/**
 * The chain as the server sent it, from its own certificate up. A trusted authority ends the chain with the certificate
 * that this machine has for it. So an expired cross-signed copy, which servers send for old clients, does not matter.
 */
function chainOf(socket: TLSSocket, ca: string | undefined): Link[] {
  const chain: Link[] = [];
  const seen = new Set<string>();
  let here: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true) ?? undefined;
  while (here?.raw !== undefined && chain.length < chainMax && !seen.has(here.fingerprint256)) {
    seen.add(here.fingerprint256);
    const link = linkOf(here);
    const [own] = chain;
    // Only a certificate that expires before the server's own can change the result.
    const anchor = own !== undefined && link.validTo < own.validTo ? trustedTwin(here, ca) : undefined;
    chain.push(anchor === undefined ? link : { ...link, validTo: anchor, isSelfSigned: true });
    if (anchor !== undefined) break;
    here = here.issuerCertificate;
  }
  return chain;
}

function linkOf(certificate: DetailedPeerCertificate): Link {
  const [name, issuer] = [nameOf(certificate.subject), nameOf(certificate.issuer)];
  return {
    name,
    issuer,
    validTo: new Date(certificate.valid_to),
    isSelfSigned: certificate.issuerCertificate?.fingerprint256 === certificate.fingerprint256,
  };
}

/** The expiry of a trusted authority with the same name and key; undefined when there is none. */
function trustedTwin(certificate: DetailedPeerCertificate, ca: string | undefined): Date | undefined {
  const key = keyOf(new X509Certificate(certificate.raw));
  return (ca === undefined ? publicAnchors() : anchorsOf(pemsIn(ca))).get(key);
}

let anchors: ReadonlyMap<string, Date> | undefined;

function publicAnchors(): ReadonlyMap<string, Date> {
  anchors ??= anchorsOf(getCACertificates('default'));
  return anchors;
}

function anchorsOf(pems: readonly string[]): ReadonlyMap<string, Date> {
  const found = new Map<string, Date>();
  for (const pem of pems) {
    const certificate = new X509Certificate(pem);
    const [key, validTo] = [keyOf(certificate), new Date(certificate.validTo)];
    const before = found.get(key);
    if (before === undefined || before < validTo) found.set(key, validTo);
  }
  return found;
}

function keyOf(certificate: X509Certificate): string {
  return `${certificate.subject}\n${certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
}

function pemsIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** Why a text cannot be used as a certificate authority, or undefined. */
export function refusedAuthority(text: string): string | undefined {
  const pems = pemsIn(text);
  if (pems.length === 0) return 'holds no whole certificate in PEM form (BEGIN to END CERTIFICATE)';
  try {
    for (const pem of pems) new X509Certificate(pem);
    return undefined;
  } catch {
    return 'holds a certificate that cannot be read';
  }
}

function nameOf(subject: DetailedPeerCertificate['subject'] | undefined): string {
  const name: unknown = subject?.CN ?? subject?.O;
  const text = Array.isArray(name) ? name[0] : name;
  return typeof text === 'string' ? cutText(text, nameLengthMax) : '';
}
