import type { VettedHost } from './host.ts';

export { OutboundBusy, OutboundRefused } from './refused.ts';

/**
 * The only way out of the server for HTTP. URLs from users are resolved once, every address is vetted, and the
 * connection goes to a vetted address. Redirects are followed here, with each hop vetted.
 */
export interface Outbound {
  /**
   * @throws OutboundRefused when the URL may not be reached; OutboundBusy when there is no room for it; a DOMException
   * named TimeoutError after `timeoutMs`; the signal's reason when the caller cancelled. Network failures are thrown
   * unchanged.
   */
  request(url: string, options: OutboundRequest): Promise<OutboundResponse>;
  /** Vets a URL without calling it (when a channel is saved). @throws OutboundRefused, or the DNS failure. */
  vet(url: string): Promise<void>;
  /**
   * Why a host will be refused, whatever it resolves to, or undefined. Makes no lookup. @throws OutboundRefused when it
   * is not a host.
   */
  knownRefusal(hostname: string, port: number): string | undefined;
  /** Vets a host for a connection that is not HTTP; connect with `pinnedLookup`. @throws like `vet`. */
  vetHost(hostname: string, port: number, signal: AbortSignal): Promise<VettedHost>;
  /**
   * The same for an organization, which has its own share of the resolver. So names that never resolve do not delay
   * other organizations. @throws OutboundBusy when its share is taken.
   */
  of(owner: string): Pick<Outbound, 'vetHost'>;
}

export interface OutboundRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal: AbortSignal;
  /** For the whole request: names, connection, all redirects and the body. */
  timeoutMs: number;
  /** Bytes of the response that are kept. The rest is discarded, never buffered. */
  bodyBytesMax: number;
  /** How many redirects are followed. The one after the last is returned unchanged. Default: 0. */
  redirectsMax?: number;
}

export interface OutboundResponse {
  status: number;
  /** Names in lower case. The values of a repeated header are joined with a comma. */
  headers: Record<string, string>;
  body: Buffer;
  bodyTruncated: boolean;
}
