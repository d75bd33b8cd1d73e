import type { OnCallNow, OnCallScheduleList, OnCallScheduleShown } from '@watchkeeper/contracts';
import type { Command } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import { print, table } from './output.ts';
import { callServer, type RemoteOptions, withServer } from './remote.ts';

export function define(oncall: Command): void {
  withServer(oncall.command('now'))
    .description('who is on call now and next, for each schedule')
    .action(async (options: RemoteOptions, command: Command) => {
      // Safe because the server answers in the shape of its contract.
      const answer = (await callServer(options, 'GET', `/api/v1/${options.org}/oncall/now`)) as OnCallNow;
      const rows = answer.data.map(({ schedule, now, next }) => [
        schedule.name,
        holder(now),
        now.until ?? 'not within 35 days',
        next === null ? '-' : holder(next),
      ]);
      const header = ['SCHEDULE', 'NOW', 'UNTIL', 'NEXT'];
      print(command, answer, rows.length === 0 ? 'No schedules.' : table([header, ...rows]));
    });
  withServer(oncall.command('shifts'))
    .description('the shifts of a schedule, and its gaps')
    .argument('<schedule>', 'name or id')
    .option('--from <time>', 'RFC 3339; now without it')
    .option('--to <time>', 'RFC 3339; 14 days later without it')
    .action(
      async (named: string, options: RemoteOptions & { from?: string; to?: string }, command: Command) => {
        const query = new URLSearchParams({
          ...(options.from === undefined ? {} : { from: options.from }),
          ...(options.to === undefined ? {} : { to: options.to }),
        });
        const path = `/api/v1/${options.org}/oncall/schedules`;
        // Safe because the server answers in the shape of its contract.
        const { data } = (await callServer(options, 'GET', path)) as OnCallScheduleList;
        const found = data.find(({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase());
        if (found === undefined) throw new CliError(`There is no schedule "${named}".`, exitCodes.failed);
        // Safe for the same reason.
        const shown = (await callServer(
          options,
          'GET',
          `${path}/${found.id}?${query}`,
        )) as OnCallScheduleShown;
        const rows = shown.final.map((shift) => [shift.from, shift.to, holder(shift), shift.source]);
        print(command, shown, table([['FROM', 'TO', 'ON CALL', 'BY'], ...rows]));
      },
    );
}

const gapWords = {
  no_member: 'NOBODY (no layer has a member)',
  member_left: 'NOBODY (the member has left)',
  not_covered: 'NOBODY (no layer covers this time)',
} as const;

function holder({
  person,
  gap_reason,
}: Pick<OnCallNow['data'][number]['now'], 'person' | 'gap_reason'>): string {
  if (person !== null) return person.name;
  return gap_reason === null ? 'NOBODY' : gapWords[gap_reason];
}
