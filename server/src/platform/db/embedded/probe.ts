import { dirname, join } from 'node:path';
import { ask, sameDirectory } from './connection.ts';
import { readState, type State } from './state-file.ts';

/** The folder of the Unix socket beside the database. See socketPlace for when it is not used. */
export function socketDirBeside(clusterDir: string): string {
  return join(dirname(clusterDir), 'postgres-run');
}

/** Whether a PostgreSQL on `clusterDir` accepts our password, even if its process is not visible from here. */
export async function answersOn(clusterDir: string, state: State | undefined): Promise<boolean> {
  if (state === undefined) return false;
  // In another container, the volume may have another path, so use the path that we see.
  const beside = { kind: 'socket', directory: socketDirBeside(clusterDir) } as const;
  if (process.platform !== 'win32' && (await answers(beside, state.password))) return true;
  if (state.endpoint === null || state.endpoint.kind === 'tcp') return answersAtPort(clusterDir, state);
  return state.endpoint.directory !== beside.directory && answers(state.endpoint, state.password);
}

/** The same, before the place is chosen. */
export async function answersInDataDir(dataDir: string): Promise<boolean> {
  const state = await readState(dataDir);
  return answersOn(state?.clusterDir ?? join(dataDir, 'postgres'), state);
}

async function answers(endpoint: NonNullable<State['endpoint']>, password: string): Promise<boolean> {
  return ask(endpoint, password).then(
    () => true,
    () => false,
  );
}

/** Another program may use the port by now, so the answer must name our directory. */
async function answersAtPort(clusterDir: string, state: State): Promise<boolean> {
  if (state.endpoint?.kind !== 'tcp') return false;
  const answer = await ask(state.endpoint, state.password).catch(() => undefined);
  return answer !== undefined && sameDirectory(answer.dataDirectory, clusterDir);
}
