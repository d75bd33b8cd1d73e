import type { Device } from '@watchkeeper/contracts/inventory';

export interface CreatedDevice extends Device {
  token: string;
  heartbeat: { url: string };
}
