import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { EmbeddedPostgresError } from './errors.ts';
import type { Identity } from './reach.ts';
import { type Command, runToEnd } from './tool.ts';

export type RunAsChoice = 'auto' | 'direct' | 'namespace' | 'drop-user';

/** How to run the PostgreSQL programs, which refuse to run as root. */
export interface RunAs {
  readonly kind: 'direct' | 'namespace' | 'drop-user';
  /** The owner of the database's files, as seen from outside. */
  readonly owner: Identity;
  /** True when the programs have fewer rights than we do, so that paths must be checked for them. */
  readonly restricted: boolean;
  readonly note: string | null;
  command(file: string, args: readonly string[]): Command;
}

interface Account extends Identity {
  readonly name: string;
}

const probeTimeoutMs = 5_000;
/** Users to switch to, best first. The user of a system PostgreSQL is not used, on purpose. */
const unprivilegedNames = ['watchkeeper', 'nobody'];

export async function chooseRunAs(choice: RunAsChoice): Promise<RunAs> {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  // On Windows there are no user ids and nothing to switch.
  if (uid === undefined || gid === undefined) return direct({ uid: 0, gid: 0 });
  const self = { uid, gid };
  if (choice === 'direct' || (choice === 'auto' && uid !== 0 && hasName())) return direct(self);
  if (choice === 'drop-user') return dropUser(await readAccounts(), 'it refuses root');

  const accounts = await readAccounts();
  const mapped = namespaceAccount(accounts);
  if (mapped !== undefined && (await namespaceWorks(mapped))) return namespace(self, mapped);
  if (choice === 'namespace') {
    throw new EmbeddedPostgresError(
      'This system forbids user namespaces (unshare --user): leave the choice to the server, or set DATABASE_URL.',
    );
  }
  // Not root, but without a name: initdb will refuse, and its message is explained.
  return uid === 0
    ? dropUser(accounts, 'it refuses root and this system forbids user namespaces')
    : direct(self);
}

function direct(self: Identity): RunAs {
  return {
    kind: 'direct',
    owner: self,
    restricted: false,
    note: null,
    command: (file, args) => ({ file, args }),
  };
}

/**
 * A namespace in which our own user has another number: PostgreSQL sees an ordinary user, but the kernel sees ours. So
 * it works below a directory that only root may enter, and no owners need to change.
 */
function namespace(self: Identity, mapped: Account): RunAs {
  return {
    kind: 'namespace',
    owner: self,
    // Inside, root's right to ignore permission bits is gone.
    restricted: true,
    note: null,
    command: (file, args) => ({ file: 'unshare', args: [...namespaceFlags(mapped), '--', file, ...args] }),
  };
}

function namespaceFlags(mapped: Account): string[] {
  return ['--user', `--map-user=${mapped.uid}`, `--map-group=${mapped.gid}`];
}

async function namespaceWorks(mapped: Account): Promise<boolean> {
  const probe = { file: 'unshare', args: [...namespaceFlags(mapped), '--', 'id', '-u'] };
  const result = await runToEnd(probe, probeTimeoutMs).catch(() => null);
  return result !== null && result.code === 0 && result.output.trim() === String(mapped.uid);
}

/** initdb needs a uid with a name, whatever the name is. */
function namespaceAccount(accounts: readonly Account[]): Account | undefined {
  return accounts.find((account) => account.uid === 1000) ?? accounts.find((account) => account.uid > 0);
}

function dropUser(accounts: readonly Account[], reason: string): RunAs {
  const account = unprivilegedNames.flatMap((name) => accounts.filter((entry) => entry.name === name)).at(0);
  if (process.getuid?.() !== 0 || account === undefined || account.uid === 0) {
    throw new EmbeddedPostgresError(
      'PostgreSQL refuses to run as root, and there is no user "watchkeeper" or "nobody" to run it as: add one (useradd --system watchkeeper), or set DATABASE_URL.',
    );
  }
  return {
    kind: 'drop-user',
    owner: { uid: account.uid, gid: account.gid },
    restricted: true,
    note: `PostgreSQL runs as user "${account.name}", because ${reason}.`,
    // Node also drops the supplementary groups.
    command: (file, args) => ({ file, args, uid: account.uid, gid: account.gid }),
  };
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

async function readAccounts(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return /^\d+$/.test(uid) && /^\d+$/.test(gid) ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
