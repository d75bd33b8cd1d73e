/** A target this server does not call, said in words for the operator. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
}

/** This server has no room for the call at the moment: it says nothing about the target. */
export class OutboundBusy extends Error {
  override readonly name = 'OutboundBusy';
}
