/** Apart from the job itself, so that whoever enqueues it need not import what it does. */
export const deliverJobName = 'notifications.deliver';

export interface DeliveryJob {
  readonly organizationId: string;
  readonly messageId: string;
}

/** The longest one attempt may take. */
export const sendTimeoutMs = 15_000;
/** Twice as long: a claim runs out only when its worker is gone, so two never send at once. */
export const claimSeconds = 30;
/** A job that is this late counts as lost; a long queue only makes it late. */
export const sweepGraceSeconds = 15;
