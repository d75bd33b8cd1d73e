import { enableCompileCache } from 'node:module';
import { Command } from 'commander';
import { compiledFolder } from '#platform/places';
import { exitCodeOf, explain } from './cli/exit.ts';
import { version } from './version.ts';

// What was compiled once is read the next time: half the processor time of a start. Where it cannot be written, nothing is lost.
enableCompileCache(compiledFolder);

/** Gives a command its arguments, options and action. */
type Define = (command: Command) => void;

/** The command line. A command's code is loaded when it is named: `alerts list` pays for no server. */
const commands: Readonly<Record<string, { does: string; load: () => Promise<{ define: Define }> }>> = {
  serve: { does: 'run the server', load: () => import('./cli/serve.ts') },
  work: {
    does: 'do what is due (sweeps, jobs, notifications), then exit: for cron',
    load: () => import('./cli/work.ts'),
  },
  migrate: {
    does: 'migrate the database up to date, go one migration back, or show its state',
    load: () => import('./cli/migrate.ts'),
  },
  'setup-link': {
    does: 'print a new one-time link that creates the first owner',
    load: () => import('./cli/setup-link.ts'),
  },
  'password-link': {
    does: 'print a one-time link to choose a new password',
    load: () => import('./cli/password-link.ts'),
  },
  person: {
    does: 'export or erase what is kept of a person',
    load: () => import('./cli/person.ts'),
  },
  apply: {
    does: 'change an organization to match a watchkeeper.yaml',
    load: () => import('./cli/apply.ts'),
  },
  alerts: { does: 'list, acknowledge and resolve alerts', load: () => import('./cli/alerts.ts') },
  oncall: { does: 'who is on call, now and in a span of time', load: () => import('./cli/oncall.ts') },
  incidents: {
    does: 'list incidents, and acknowledge, assign, snooze, merge, split or resolve them',
    load: () => import('./cli/incidents.ts'),
  },
  heartbeat: { does: 'send a heartbeat as a device', load: () => import('./cli/heartbeat.ts') },
  channels: {
    does: 'update the channels of the environment from its variables',
    load: () => import('./cli/channels.ts'),
  },
  jobs: { does: 'jobs and changes of alerts that failed for good', load: () => import('./cli/jobs.ts') },
  doctor: { does: 'check this installation for problems', load: () => import('./cli/doctor.ts') },
};

const program = new Command('watchkeeper')
  .description('Stands the watch over places and the systems that run them.')
  .version(version)
  .option('--json', 'answer in JSON, for scripts');

try {
  for (const [name, { does, load }] of Object.entries(commands)) {
    const command = program.command(name).description(does);
    if (process.argv.includes(name)) (await load()).define(command);
  }
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
