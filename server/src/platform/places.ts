import { findPackageJSON } from 'node:module';
import path from 'node:path';

/** Whether this runs from the bundle that `npm start` builds, where all files lie in one folder. */
const isBundled = !import.meta.filename.endsWith('.ts');
/** `server` of the checkout, found from sources and from the bundle. */
const serverFolder = path.dirname(findPackageJSON(import.meta.url) ?? import.meta.dirname);

/** The built console. */
export const webFolder = path.join(serverFolder, '../web/dist');
/** What Node compiled once, to be read the next time. */
export const compiledFolder = path.join(serverFolder, '../node_modules/.cache/watchkeeper/compiled');
/** Migrations that can be imported. Their names without the ending are what a database keeps. */
export const migrationsFolder = path.join(isBundled ? import.meta.dirname : serverFolder, 'migrations');
/** The ending of a file that is loaded by its name: a migration, a thread. */
export const codeEnding = path.extname(import.meta.filename);
