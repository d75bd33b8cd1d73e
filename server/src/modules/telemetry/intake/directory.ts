import { hashSecret } from '#platform/ids';
import { createShelf } from '#platform/shelf';

/** Everything intake must know of a device to accept its heartbeat without asking the database. */
export interface DeviceEntry {
  readonly key: number;
  readonly id: string;
  readonly slug: string;
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly siteId: string;
  readonly siteSlug: string;
  /** Known, and no longer listened to. */
  readonly retired: boolean;
}

/** A device by the names in a payload: organization and device, each a slug or an id. */
export interface DeviceName {
  readonly organization: string;
  readonly device: string;
}

/** Reads many at once; the answer has one place for each question, undefined where there is no such device. */
export interface DirectorySource {
  byTokenHashes(hashes: readonly Buffer[]): Promise<(DeviceEntry | undefined)[]>;
  byNames(names: readonly DeviceName[]): Promise<(DeviceEntry | undefined)[]>;
}

export interface Directory {
  /** What is known so far: undefined means "not known", null means "known not to exist". */
  peekToken(token: string): DeviceEntry | null | undefined;
  peekName(organization: string, device: string): DeviceEntry | null | undefined;
  findToken(token: string): Promise<DeviceEntry | null>;
  findName(organization: string, device: string): Promise<DeviceEntry | null>;
  forget(deviceIds: readonly string[]): void;
  /** Something new may exist now. */
  forgetAbsent(): void;
  forgetAll(): void;
}

/** Tokens are looked up without hashing, because this runs once per heartbeat. */
export function createDirectory(source: DirectorySource, monotonic: () => number): Directory {
  const tokens = createShelf<Buffer, DeviceEntry>(source.byTokenHashes, monotonic);
  const names = createShelf<DeviceName, DeviceEntry>(source.byNames, monotonic);
  return {
    peekToken: (token) => tokens.peek(token),
    peekName: (organization, device) => names.peek(nameKey(organization, device)),
    findToken: (token) => tokens.find(token, hashSecret(token)),
    findName: (organization, device) => names.find(nameKey(organization, device), { organization, device }),
    forget(deviceIds) {
      tokens.forget(deviceIds);
      names.forget(deviceIds);
    },
    forgetAbsent() {
      names.forget([]);
    },
    forgetAll() {
      tokens.clear();
      names.clear();
    },
  };
}

function nameKey(organization: string, device: string): string {
  return `${organization}\n${device}`;
}
