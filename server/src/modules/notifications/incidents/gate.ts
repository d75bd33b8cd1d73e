import type { Gate } from '#modules/delivery';
import { judgeResolution, withdrawnReason } from '../alerts/gate.ts';
import { openingKinds } from './plan.ts';

/** As for alerts: people receive "resolved" only after "open". */
export const incidentGate: Gate = {
  judges: ['resolved'],
  judgesBy: openingKinds,
  judge: judgeResolution,
  withdrawnReason,
};
