/** A target this server does not call, said in words for the operator. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
}
