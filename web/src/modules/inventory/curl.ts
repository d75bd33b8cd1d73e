export interface Heartbeat {
  url: string;
  token: string;
  device: string;
  org: string;
  site: string;
}

/** One line that works as it stands in any shell with curl; single quotes are what slugs cannot contain. */
export function heartbeatCurl({ url, token, device, org, site }: Heartbeat): string {
  const body = JSON.stringify({ device_id: device, tenant_id: org, store_id: site, status: 'ok' });
  return `curl -X POST ${url} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${body}'`;
}
