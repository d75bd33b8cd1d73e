import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensurePrograms } from '../../scripts/debian.ts';
import { freePort } from '../../test/support/server-process.ts';
import { treeCpu } from './cpu-use.ts';

export interface ProbePlan {
  readonly url: string;
  readonly checks: number;
  readonly intervalSeconds: number;
  readonly warmSeconds: number;
  readonly measureSeconds: number;
}

const wanted = [
  { what: 'Prometheus', packages: ['prometheus'], path: '/usr/bin/prometheus' },
  {
    what: 'the blackbox exporter',
    packages: ['prometheus-blackbox-exporter'],
    path: '/usr/bin/prometheus-blackbox-exporter',
  },
];

/**
 * CPU seconds per 1,000 checks of Debian's blackbox exporter, and of the Prometheus that asks it and stores the
 * answers.
 */
export async function prometheusCpu(plan: ProbePlan): Promise<number> {
  const [prometheus, exporter] = ensurePrograms(wanted);
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-prometheus-'));
  const ports = { exporter: await freePort(), prometheus: await freePort() };
  await writeFile(path.join(folder, 'blackbox.yml'), blackboxYaml);
  await writeFile(path.join(folder, 'prometheus.yml'), prometheusYaml(plan, ports.exporter));
  const start = (program: typeof prometheus, args: readonly string[]): ChildProcess =>
    spawn(program?.path ?? '', args, { cwd: folder, env: program?.env, stdio: 'ignore' });
  const children = [
    start(exporter, ['--config.file=blackbox.yml', `--web.listen-address=127.0.0.1:${ports.exporter}`]),
    start(prometheus, [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
    ]),
  ];
  try {
    await pause(plan.warmSeconds * 1_000);
    const before = sum(children);
    await pause(plan.measureSeconds * 1_000);
    const made = (plan.checks / plan.intervalSeconds) * plan.measureSeconds;
    return (sum(children) - before) / 1e6 / (made / 1_000);
  } finally {
    for (const child of children) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  }
}

function sum(children: readonly ChildProcess[]): number {
  return children.reduce((all, child) => {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}.`);
    return all + (treeCpu(child.pid ?? 0) ?? 0);
  }, 0);
}

const blackboxYaml = `modules:
  http_2xx:
    prober: http
    timeout: 5s
    http:
      follow_redirects: false
      preferred_ip_protocol: ip4
`;

function prometheusYaml({ url, checks, intervalSeconds }: ProbePlan, exporterPort: number): string {
  const targets = Array.from({ length: checks }, (_, index) => `          - ${url}?check=${index + 1}`);
  return `global:
  scrape_interval: ${intervalSeconds}s
  scrape_timeout: 5s
scrape_configs:
  - job_name: checks
    metrics_path: /probe
    params:
      module: [http_2xx]
    static_configs:
      - targets:
${targets.join('\n')}
    relabel_configs:
      - source_labels: [__address__]
        target_label: __param_target
      - source_labels: [__param_target]
        target_label: instance
      - target_label: __address__
        replacement: 127.0.0.1:${exporterPort}
`;
}
