import { cutText } from '@watchkeeper/contracts/text';

/** The meaning of a socket's error code, for the person who reads the alert. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused: nothing listens on that port.',
  ECONNRESET: 'The connection was reset by the other side.',
  EPIPE: 'The connection was closed by the other side.',
  ETIMEDOUT: 'The connection timed out.',
  EHOSTUNREACH: 'There is no route to the host.',
  ENETUNREACH: 'The network cannot be reached.',
  ENOTFOUND: 'The name does not exist.',
  ESERVFAIL: 'The name could not be resolved: its name servers are at fault (SERVFAIL).',
  EAI_AGAIN: 'The name could not be resolved: the resolver does not answer.',
  CERT_HAS_EXPIRED: 'The certificate has expired.',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed and its authority is not trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The chain ends in an authority that is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The chain is incomplete or its authority is not trusted.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The chain is incomplete or its authority is not trusted.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The other side does not speak TLS.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'The other side does not speak TLS.',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'The server does not know this name (TLS: unrecognized name).',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'The server speaks only versions of TLS that are too old.',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'The server speaks only versions of TLS that are too old.',
  HPE_HEADER_OVERFLOW: 'The headers of the answer are longer than 32 KiB.',
};

const messageLengthMax = 300;

export function failureWords(error: unknown): string {
  if (!(error instanceof Error)) return 'The check failed without a reason.';
  const inner =
    error instanceof AggregateError ? error.errors.find((one) => one instanceof Error) : undefined;
  const code = codeOf(error) ?? codeOf(inner);
  const known = code === undefined ? undefined : words[code];
  if (known !== undefined) return known;
  if (code?.startsWith('HPE_')) return 'The answer is not valid HTTP.';
  if (error.name === 'TimeoutError') return error.message;
  return cutText(error.message === '' ? (code ?? error.name) : error.message, messageLengthMax, '');
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
