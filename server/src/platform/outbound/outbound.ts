import type { VettedHost } from './host.ts';

export { OutboundBusy, OutboundRefused } from './refused.ts';

/**
 * The only way out of the house for HTTP. URLs that users supply are resolved once, every address is
 * vetted, and the connection goes to the vetted address; redirects are followed by hand, each hop vetted.
 */
export interface Outbound {
  /**
   * @throws OutboundRefused when the URL may not be reached; OutboundBusy when there is no room for it; a
   * DOMException named TimeoutError after `timeoutMs`; the signal's reason when the caller gave up. Network failures reject as they are.
   */
  request(url: string, options: OutboundRequest): Promise<OutboundResponse>;
  /** Vets a URL without calling it (when a channel is saved). @throws OutboundRefused, or the DNS failure. */
  vet(url: string): Promise<void>;
  /** Why a host will be refused whatever a resolver says, or undefined; asks nobody. @throws OutboundRefused when it is no host. */
  knownRefusal(hostname: string, port: number): string | undefined;
  /** Vets a host for a connection that is not HTTP; connect with `pinnedLookup`. @throws like `vet`. */
  vetHost(hostname: string, port: number, signal: AbortSignal): Promise<VettedHost>;
  /**
   * The same in the name of an organization: its share of the resolver is its own, so that names which never
   * resolve keep nobody else's waiting. @throws OutboundBusy when its share is taken.
   */
  of(owner: string): Pick<Outbound, 'vetHost'>;
}

export interface OutboundRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal: AbortSignal;
  /** For everything together: names, connection, all redirects and the body. */
  timeoutMs: number;
  /** Bytes of the response kept; the rest is discarded, never buffered. */
  bodyBytesMax: number;
  /** Redirects followed; the one after the last is handed back as it came. 0 unless told. */
  redirectsMax?: number;
}

export interface OutboundResponse {
  status: number;
  /** Names in lower case; a header that came several times is joined with a comma. */
  headers: Record<string, string>;
  body: Buffer;
  bodyTruncated: boolean;
}
