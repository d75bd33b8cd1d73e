export * from './alerting.ts';
export * from './attention.ts';
export * from './common.ts';
export * from './duration.ts';
export * from './error-codes.ts';
export * from './rules.ts';
export * from './vocabulary.ts';
