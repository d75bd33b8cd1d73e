import { userInfo } from 'node:os';

/** Says in one line what is wrong and what to do. The starting program prints only its `message`. */
export class EmbeddedPostgresError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Our user, for error lines. A container may run us under a uid without a name. */
export function currentUser(): string {
  try {
    return `user ${userInfo().username}`;
  } catch {
    return `user id ${process.getuid?.() ?? '?'}`;
  }
}

/** Turns a failed file operation below DATA_DIR into a line for the operator. Other errors are returned unchanged. */
export function explainFileError(error: unknown, path: string): unknown {
  const line = fileErrorLine(errorCode(error), path);
  return line === undefined ? error : new EmbeddedPostgresError(line, { cause: error });
}

function fileErrorLine(code: string, path: string): string | undefined {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `${path} cannot be read and written by ${currentUser()}: give it to this user (chown -R), or set DATA_DIR to a directory of its own.`;
    case 'EROFS':
      return `${path} is on a read-only file system: set DATA_DIR to a directory that can be written.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFullLine(path);
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is in the way: a directory is needed there. Remove it, or set DATA_DIR to another directory.`;
    default:
      return undefined;
  }
}

export function diskFullLine(path: string): string {
  return `The disk that holds ${path} is full: free some space (a new database needs about 100 MB), then start again.`;
}

/** Runs a file operation on `path` and explains its failures. */
export async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? error : explainFileError(error, path);
  }
}
