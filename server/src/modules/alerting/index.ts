import type { Module } from '#platform/module';

export const alertingModule: Module = { name: 'alerting' };
