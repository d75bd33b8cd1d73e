import { totalmem } from 'node:os';
import { loopback } from './connection.ts';
import { type Endpoint, socketPort } from './state-file.ts';

const mebibyte = 1024 * 1024;

/** The memory that this machine or container may use. */
function memoryMb(): number {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  return Math.floor((constrained > 0 && constrained < total ? constrained : total) / mebibyte);
}

function sized(totalMb: number): Record<string, string> {
  const sharedMb = totalMb < 1_000 ? 64 : totalMb < 3_500 ? 128 : 256;
  return {
    shared_buffers: `${sharedMb}MB`,
    effective_cache_size: `${Math.max(256, Math.floor(totalMb / 2))}MB`,
    work_mem: totalMb < 1_000 ? '4MB' : '16MB',
    maintenance_work_mem: totalMb < 1_000 ? '32MB' : '128MB',
    max_wal_size: totalMb < 1_000 ? '512MB' : '2GB',
  };
}

/** Settings on the command line. They override the files in the cluster, so that a new release can change them. */
export function serverSettings(
  endpoint: Endpoint,
  overrides: Readonly<Record<string, string>>,
  totalMb: number = memoryMb(),
): Record<string, string> {
  return {
    // Durable: acknowledged data survives a power cut.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_compression: 'on',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    min_wal_size: '80MB',
    // For one server process with its pools, and commands and backups beside it.
    max_connections: '60',
    ...sized(totalMb),
    jit: 'off',
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    update_process_title: process.platform === 'win32' ? 'off' : 'on',
    ...overrides,
    ...address(endpoint),
  };
}

function address(endpoint: Endpoint): Record<string, string> {
  if (endpoint.kind === 'tcp') {
    return { listen_addresses: loopback, port: String(endpoint.port), unix_socket_directories: '' };
  }
  return {
    listen_addresses: '',
    port: String(socketPort),
    // The list is split at commas unless quoted.
    unix_socket_directories: `"${endpoint.directory.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
  };
}

export function asArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
