import type { ObservedState, Source } from '@watchkeeper/contracts/sources';
import { t } from '../../messages';
import type { Tone } from '../../ui/tone';

/** How a source is, as a person would put it. */
export type Standing = 'answering' | 'silent' | 'failing' | 'unsure' | 'waiting' | 'off';

/** A source that is up, but was not read lately, answers no more than one that failed once. */
export function standingOf({ enabled, state }: Pick<Source, 'enabled' | 'state'>): Standing {
  if (!enabled) return 'off';
  if (state.status === 'down') return 'silent';
  if (state.status === 'pending' || state.last_reading === null) {
    if (state.status === 'unknown') return 'unsure';
    return state.failing === null ? 'waiting' : 'failing';
  }
  return state.status === 'up' && state.fresh ? 'answering' : 'unsure';
}

const tones: Record<Standing, Tone> = {
  answering: 'ok',
  silent: 'problem',
  failing: 'attention',
  unsure: 'attention',
  waiting: 'unknown',
  off: 'unknown',
};

export function toneOfStanding(standing: Standing): Tone {
  return tones[standing];
}

export function sentenceOfSource(source: Source): string {
  const words = {
    answering: t.sources.isAnswering,
    silent: t.sources.isSilent,
    failing: t.sources.isFailing,
    unsure: t.sources.isUnsure,
    waiting: t.sources.isWaiting,
    off: t.sources.isOff,
  };
  return words[standingOf(source)](source.name);
}

export function isInTrouble(standing: Standing): boolean {
  return standing === 'silent' || standing === 'failing' || standing === 'unsure';
}

/** What is wrong, in its own words: also before it is called down. */
export function faultOf({ state }: Pick<Source, 'state'>): string | null {
  return state.failing?.reason ?? state.reason;
}

const observedTones: Record<ObservedState, Tone> = {
  online: 'ok',
  offline: 'problem',
  unknown: 'unknown',
  missing: 'unknown',
};

export function toneOfObserved(state: ObservedState, isFresh: boolean): Tone {
  return isFresh ? observedTones[state] : 'unknown';
}
