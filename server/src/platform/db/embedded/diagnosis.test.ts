import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { classifyLaunch, explainOutput, lastWords } from './diagnosis.ts';

const dir = '/data/postgres';

const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

function line(output: string, owner = self): string {
  return explainOutput('The database did not start', output, { clusterDir: dir, runAs: { owner } }).message;
}

describe('a message of PostgreSQL becomes an advice', () => {
  it.each([
    [
      'initdb: error: could not create directory "/data/postgres.new/data/base": No space left on device',
      /^The disk that holds \/data\/postgres is full/,
    ],
    [
      'FATAL:  could not resize shared memory segment "/PostgreSQL.1" to 1048576 bytes: No space left on device',
      /too little shared memory.*--shm-size/,
    ],
    [
      'FATAL:  could not create lock file "postmaster.pid": Read-only file system',
      /on a read-only file system/,
    ],
    ['FATAL:  data directory "/data/postgres" has wrong ownership', /belongs to another user.*chown/],
    [
      'initdb: error: could not look up effective user ID 1234: user does not exist',
      /needs a user with a name.*\/etc\/passwd/,
    ],
    [
      'postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file',
      /A library that the embedded PostgreSQL needs is missing.*npm ci/,
    ],
    ['PANIC:  could not locate a valid checkpoint record at 0/1', /damaged or incomplete: restore a backup/],
    ['"root" execution of the PostgreSQL server is not permitted. cannot be run as root', /ordinary user/],
  ])('%s', (output, expected) => {
    expect(line(output)).toMatch(expected);
    expect(line(output)).not.toContain('\n');
  });

  it('names the user that PostgreSQL runs as, who is not always the one who started us', () => {
    const denied = 'postgres: could not access directory "/data/postgres": Permission denied';
    const other = userInfo().uid + 1;
    expect(line(denied, { uid: other, gid: other })).toContain(`Give it to user id ${other} (chown -R)`);
    expect(line(denied)).toContain(`Give it to user ${userInfo().username} (chown -R)`);
  });

  it('quotes an unknown fault in one line, without time stamps', () => {
    const output = [
      '2026-11-21 02:13:42.100 UTC [7] LOG:  starting PostgreSQL 18.4',
      '2026-11-21 02:13:42.101 UTC [7] FATAL:  the moon is in the way',
      '2026-11-21 02:13:42.101 UTC [7] HINT:  Wait for it to pass.',
    ].join('\n');
    expect(line(output)).toBe(
      'The database did not start. PostgreSQL says: FATAL:  the moon is in the way | HINT:  Wait for it to pass.',
    );
  });

  it('cuts a quote that is too long for a line', () => {
    expect(lastWords(`FATAL:  ${'x'.repeat(10_000)}`).length).toBeLessThanOrEqual(600);
  });
});

describe('whether another attempt can help', () => {
  it.each([
    ['FATAL:  could not create any TCP/IP sockets', 'address_in_use'],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'address_in_use'],
    ['LOG:  could not bind Unix address "/data/.s.PGSQL.5432": Operation not supported', 'socket_refused'],
    ['FATAL:  could not create any Unix-domain sockets', 'socket_refused'],
    ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', 'memory_still_in_use'],
    ['FATAL:  data directory "/data" has wrong ownership', 'other'],
  ])('%s', (output, trouble) => {
    expect(classifyLaunch(output)).toBe(trouble);
  });
});
