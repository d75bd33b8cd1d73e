import { Command } from 'commander';
import { alertsCommand } from './cli/alerts.ts';
import { applyCommand } from './cli/apply.ts';
import { doctorCommand } from './cli/doctor.ts';
import { exitCodeOf, explain } from './cli/exit.ts';
import { heartbeatCommand } from './cli/heartbeat.ts';
import { migrateCommand } from './cli/migrate.ts';
import { serveCommand } from './cli/serve.ts';
import { workCommand } from './cli/work.ts';
import { version } from './version.ts';

const program = new Command('watchkeeper')
  .description('Stands the watch over places and the systems that run them.')
  .version(version)
  .option('--json', 'answer in JSON, for scripts')
  .addCommand(serveCommand())
  .addCommand(workCommand())
  .addCommand(migrateCommand())
  .addCommand(applyCommand())
  .addCommand(alertsCommand())
  .addCommand(heartbeatCommand())
  .addCommand(doctorCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
