export * from './common.ts';
export * from './error-codes.ts';
export * from './vocabulary.ts';
