import { expect, test } from 'vitest';
import { isLoopback, reachable } from './reachable';

test('knows the addresses that only this machine reaches', () => {
  for (const host of [
    'localhost:4000',
    '127.0.0.1',
    '127.1.2.3:80',
    '[::1]:4000',
    'watch.localhost',
    '0.0.0.0',
  ])
    expect(isLoopback(`http://${host}/heartbeat`), host).toBe(true);
  for (const host of ['watch.example', '10.0.0.5:4000', '192.168.1.2', '[fd00::1]', 'localhost.example.com'])
    expect(isLoopback(`http://${host}/heartbeat`), host).toBe(false);
});

test('a server that calls itself localhost gets the name under which the browser reached it', () => {
  const local = 'http://localhost:4000/heartbeat';
  expect(reachable(local, 'http://10.0.0.5:4000')).toBe('http://10.0.0.5:4000/heartbeat');
  expect(reachable(local, 'http://localhost:4000')).toBe(local);
  expect(reachable('https://watch.example/heartbeat', 'http://10.0.0.5')).toBe(
    'https://watch.example/heartbeat',
  );
});
