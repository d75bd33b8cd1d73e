/** Where the third party of a channel calls us, below the public address. */
export function callbackPath(kind: string, channelId: string): string {
  return `/api/v1/inbound/${kind}/${channelId}`;
}
