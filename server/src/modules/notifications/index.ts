import type { Module } from '#platform/module';

export const notificationsModule: Module = { name: 'notifications' };
