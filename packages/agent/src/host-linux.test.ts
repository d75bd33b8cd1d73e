import systeminformation from 'systeminformation';
import { describe, expect, test } from 'vitest';
import { cpuUsage, createLinuxHost, localMounts, memoryUsage, toCpu, toTraffic } from './host-linux.ts';

test('CPU usage counts the work between two readings, without time spent waiting for a disk', () => {
  const before = toCpu('cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 100 0 50 800 50 0 0 0 0 0\n');
  const after = toCpu('cpu  130 5 60 820 80 3 2 0 30 0\n');
  expect(before).toEqual({ busy: 150, all: 1_000 });
  expect(cpuUsage(after, before)).toBe(50);
  expect(cpuUsage(before)).toBe(15);
  expect(cpuUsage(before, before)).toBeUndefined();
});

test('memory that the kernel can reclaim does not count as used', () => {
  expect(memoryUsage('MemTotal:        1000 kB\nMemFree:          100 kB\nMemAvailable:     750 kB\n')).toBe(
    25,
  );
});

describe('disks', () => {
  test('are counted once each, without memory, network, snap and optical file systems', () => {
    const mounts = [
      'proc /proc proc rw 0 0',
      'tmpfs /run tmpfs rw 0 0',
      '/dev/nvme0n1p2 / ext4 rw 0 0',
      '/dev/nvme0n1p2 /var/lib/docker ext4 rw 0 0',
      '/dev/sda1 /mnt/the\\040backup xfs rw 0 0',
      '/dev/loop3 /snap/core/1 squashfs ro 0 0',
      '/dev/sr0 /media/cd iso9660 ro 0 0',
      '//nas/share /mnt/nas cifs rw 0 0',
      'nas:/share /mnt/nfs nfs4 rw 0 0',
      'tank/data /tank zfs rw 0 0',
    ].join('\n');
    expect(localMounts(mounts)).toEqual(['/', '/mnt/the backup', '/tank']);
  });

  test('of a container are only its root', () => {
    expect(localMounts('overlay / overlay rw 0 0\nproc /proc proc rw 0 0')).toEqual(['/']);
  });
});

test('traffic is that of the network cards, without loopback and without bridges, which would count it twice', () => {
  const netDev = [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo',
    '    lo: 9999 1 0 0 0 0 0 0 9999 1 0 0 0 0 0 0',
    '  eth0: 1000 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0',
    'docker0:1000 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0',
  ].join('\n');
  expect(toTraffic(netDev, (name) => name === 'eth0')).toEqual({ received: 1_000, sent: 200 });
  expect(toTraffic(netDev, () => false)).toEqual({ received: 2_000, sent: 400 });
});

test('a figure that cannot be read is unknown, not zero', () => {
  expect([toCpu(''), cpuUsage(undefined), memoryUsage(''), toTraffic('', () => true)]).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
});

/** Tolerated per cent between two readings of a machine that keeps working. */
const tolerance = 5;

test.runIf(process.platform === 'linux')(
  'memory and disk agree with the figures of another program',
  async () => {
    const { memory, disk } = await createLinuxHost()();
    const { total, available } = await systeminformation.mem();
    expect(Math.abs((memory ?? 0) - (100 * (total - available)) / total)).toBeLessThan(tolerance);
    const disks = (await systeminformation.fsSize()).filter(
      ({ type }) => type !== 'tmpfs' && type !== 'overlay',
    );
    if (disks.length > 0)
      expect(Math.abs((disk ?? 0) - Math.max(...disks.map(({ use }) => use)))).toBeLessThan(tolerance);
  },
);
