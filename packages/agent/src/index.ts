export { type Agent, type AgentOptions, createAgent, type Log } from './agent.ts';
export type { Beat, Reading } from './beat.ts';
export { readHost } from './host.ts';
export type { SenderState } from './sender.ts';
export { type AgentSettings, readSettings, SettingsError } from './settings.ts';
