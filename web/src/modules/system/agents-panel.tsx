import type { AgentFigures } from '@watchkeeper/contracts/operations';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Panel } from '../../ui/card';
import { Ago } from '../../ui/moment';
import { Table } from '../../ui/table';

/** Devices that report figures of their host. */
export function AgentsPanel({ agents, truncated }: { agents: readonly AgentFigures[]; truncated: boolean }) {
  const { org } = useOrg();
  const figures = new Intl.NumberFormat(t.language, { maximumFractionDigits: 0 });
  const percent = (value: number | null) => (value === null ? '–' : `${figures.format(value)}\u00a0%`);
  return (
    <Panel title={t.system.agents}>
      {agents.length === 0 ? (
        <p className="text-ink-2">{t.system.noAgents}</p>
      ) : (
        <Table
          caption={t.system.agents}
          columns={[
            { key: 'device', label: t.system.device },
            { key: 'cpu', label: t.system.metric.cpu_usage, numeric: true },
            { key: 'memory', label: t.system.metric.memory_usage, numeric: true },
            { key: 'disk', label: t.system.metric.disk_usage, numeric: true },
            { key: 'seen', label: t.system.heard },
          ]}
          rows={agents.map((agent) => ({
            id: agent.device_id,
            cells: [
              <AppLink
                key="device"
                to={paths.device({ org, device: agent.device_id })}
                className="font-medium whitespace-nowrap hover:underline"
              >
                {agent.name}
              </AppLink>,
              percent(agent.cpu_usage),
              percent(agent.memory_usage),
              percent(agent.disk_usage),
              agent.last_seen_at === null ? (
                '–'
              ) : (
                <Ago key="at" at={agent.last_seen_at} language={t.language} />
              ),
            ],
          }))}
        />
      )}
      {truncated ? <p className="mt-2 text-1 text-ink-3">{t.system.agentsCut(agents.length)}</p> : null}
    </Panel>
  );
}
