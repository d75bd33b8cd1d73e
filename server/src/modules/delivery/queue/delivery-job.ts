/** One message that is to be tried. */
export interface DeliveryJob {
  readonly organizationId: string;
  readonly messageId: string;
}

/** The longest one attempt may take. */
export const sendTimeoutMs = 15_000;
/** Twice as long: a claim runs out only when its worker is gone, so two never send at once. */
export const claimSeconds = 30;
