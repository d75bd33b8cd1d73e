import { describe, expect, it } from 'vitest';
import { asArguments, serverSettings } from './settings.ts';

const socket = { kind: 'socket', directory: '/data/run' } as const;

describe('the settings of the embedded server', () => {
  it.each([
    [512, '64MB'],
    [2_048, '128MB'],
    [24_000, '256MB'],
  ])('give a machine of %i MB shared buffers of %s', (totalMb, expected) => {
    expect(serverSettings(socket, {}, totalMb).shared_buffers).toBe(expected);
  });

  it('are durable unless the caller says otherwise', () => {
    expect(serverSettings(socket, {})).toMatchObject({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
    });
    expect(serverSettings(socket, { fsync: 'off' }).fsync).toBe('off');
  });

  it('never open a port beside the chosen address, whatever the caller says', () => {
    expect(serverSettings(socket, { listen_addresses: '*' }).listen_addresses).toBe('');
    expect(serverSettings({ kind: 'tcp', port: 6_000 }, {})).toMatchObject({
      listen_addresses: '127.0.0.1',
      port: '6000',
      unix_socket_directories: '',
    });
  });

  it('survive a directory with a comma in its name', () => {
    const settings = serverSettings({ kind: 'socket', directory: '/data, new' }, {});
    expect(asArguments(settings)).toContain('unix_socket_directories="/data, new"');
  });
});
