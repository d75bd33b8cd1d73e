import { currentUser, diskFullLine, EmbeddedPostgresError } from './errors.ts';
import type { RunAs } from './run-as.ts';

/** What the next start must do after this failure. */
export type LaunchTrouble = 'address_in_use' | 'socket_refused' | 'memory_still_in_use' | 'other';

export function classifyLaunch(output: string): LaunchTrouble {
  if (/pre-existing shared memory block/.test(output)) return 'memory_still_in_use';
  if (/Unix-domain socket path .* is too long|could not (bind|create any) Unix/.test(output))
    return 'socket_refused';
  if (/could not create any TCP\/IP sockets|Address already in use/.test(output)) return 'address_in_use';
  return 'other';
}

const known: readonly { when: RegExp; say: (dir: string, runsAs: string) => string }[] = [
  {
    // Must come before the disk: /dev/shm reports the same errno.
    when: /could not resize shared memory segment|could not create shared memory segment|could not map anonymous shared memory/,
    say: () =>
      'There is too little shared memory for PostgreSQL: give the machine or container more memory (Docker: --shm-size=256m), or set DATABASE_URL.',
  },
  { when: /No space left on device|Disk quota exceeded/, say: diskFullLine },
  {
    when: /Read-only file system/,
    say: (dir) => `${dir} is on a read-only file system: set DATA_DIR to a directory that can be written.`,
  },
  {
    when: /has wrong ownership|must be owned by|Permission denied|Operation not permitted/,
    say: (dir, runsAs) =>
      `PostgreSQL may not use ${dir}: it or something in it belongs to another user. Give it to ${runsAs} (chown -R), or start as its owner.`,
  },
  {
    when: /lock file ".*" already exists/,
    say: (dir) => `Another PostgreSQL runs on ${dir}: stop it, or set DATA_DIR to another directory.`,
  },
  {
    when: /could not look up effective user ID|user does not exist/,
    say: () =>
      `PostgreSQL needs a user with a name, ${currentUser()} has none: add it to /etc/passwd, start as another user, or set DATABASE_URL.`,
  },
  {
    when: /error while loading shared libraries|symbol not found|GLIBC|Library not loaded/,
    say: () =>
      'A library that the embedded PostgreSQL needs is missing (its binaries are built for glibc systems such as Debian): reinstall with "npm ci", or set DATABASE_URL.',
  },
  {
    when: /database files are incompatible|invalid data in file "PG_VERSION"/,
    say: (dir) =>
      `${dir} holds a database that this PostgreSQL cannot read: restore a backup into a new DATA_DIR.`,
  },
  {
    when: /could not locate a valid checkpoint record|could not find the database system|could not open file "?.*global\/pg_control|incorrect checksum in control file/,
    say: (dir) => `The database in ${dir} is damaged or incomplete: restore a backup into a new DATA_DIR.`,
  },
  {
    when: /cannot be run as root|Execution of PostgreSQL by .* is not permitted/,
    say: () =>
      'PostgreSQL refuses to run with administrator rights: start as an ordinary user, or set DATABASE_URL.',
  },
];

/**
 * A line for the operator about PostgreSQL's output before it ended. For an unknown fault, it quotes the last lines.
 */
export function explainOutput(
  what: string,
  output: string,
  place: { readonly clusterDir: string; readonly runAs: Pick<RunAs, 'owner'> },
): EmbeddedPostgresError {
  const match = known.find((entry) => entry.when.test(output));
  const { clusterDir, runAs } = place;
  const quoted = lastWords(output);
  if (match !== undefined)
    return new EmbeddedPostgresError(match.say(clusterDir, ownerWords(runAs)), { cause: quoted });
  return new EmbeddedPostgresError(`${what}. PostgreSQL says: ${quoted === '' ? 'nothing' : quoted}`);
}

/** When root starts us, PostgreSQL runs as another user, so its files must not be given to root. */
function ownerWords({ owner }: Pick<RunAs, 'owner'>): string {
  return process.getuid === undefined || owner.uid === process.getuid()
    ? currentUser()
    : `user id ${owner.uid}`;
}

const quotedLinesMax = 4;
const quotedCharsMax = 600;

/** The last important lines as one line: the errors if there are any, without time stamps. */
export function lastWords(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] /, '').trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /(FATAL|PANIC|ERROR|error|HINT|DETAIL|hint|detail):/.test(line));
  return (telling.length > 0 ? telling : lines).slice(-quotedLinesMax).join(' | ').slice(-quotedCharsMax);
}
