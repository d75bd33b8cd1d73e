import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '#config';
import { sourceFiles } from './files.ts';

/** Proves that every value of the configuration is read somewhere. A setting that is not read would have no effect. */
export async function checkSettings(root: string): Promise<string[]> {
  const source = path.join(root, 'server', 'src');
  const own = path.join(source, 'config') + path.sep;
  const files = (await sourceFiles(source)).filter((file) => !file.startsWith(own));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return settingFaults(settingsOf(readConfig({})), texts);
}

export function settingFaults(settings: readonly string[], texts: readonly string[]): string[] {
  return settings
    .filter((setting) => !texts.some((text) => readsIn(text, setting)))
    .map((setting) => `config.${setting} is read by nothing in server/src`);
}

/** `section.field`, or `field` if it has no section. */
export function settingsOf(config: object): string[] {
  return Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set)
      ? Object.keys(value).map((field) => `${name}.${field}`)
      : [name],
  );
}

/** Whether a text reads the setting from its owner, with a dot or by destructuring. */
export function readsIn(text: string, setting: string): boolean {
  const [owner = '', field = ''] = setting.includes('.')
    ? setting.split('.')
    : ['(?:config|settings\\.base)', setting];
  const dotted = new RegExp(`\\b${owner}\\b(?:\\))?[?!]?\\.${field}\\b`);
  const apart = new RegExp(`\\{[^{}=]*\\b${field}\\b[^{}=]*\\}\\s*(?:=|:)[^;\\n]*\\b${owner}\\b`);
  return dotted.test(text) || apart.test(text);
}
