import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { heartbeatCurl } from './curl';

test('the command for the shell sends the promised heartbeat', () => {
  const line = heartbeatCurl({
    url: 'https://watch.example.com/heartbeat',
    token: 'wkd_abc',
    device: 'Bay.4:PC_1',
    org: 'acme',
    site: 'dartmouth',
  });
  // The shell splits the line; printing the words instead of running curl shows what curl would get.
  const words = execFileSync('sh', ['-c', line.replace(/^curl/, `printf '%s\\n'`)], { encoding: 'utf8' });
  expect(words.trimEnd().split('\n')).toEqual([
    '-X',
    'POST',
    'https://watch.example.com/heartbeat',
    '-H',
    'Authorization: Bearer wkd_abc',
    '-H',
    'Content-Type: application/json',
    '-d',
    '{"device_id":"Bay.4:PC_1","tenant_id":"acme","store_id":"dartmouth","status":"ok"}',
  ]);
});
