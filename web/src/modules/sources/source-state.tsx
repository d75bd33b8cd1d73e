import type { Source } from '@watchkeeper/contracts/sources';
import { t } from '../../messages';
import { State } from '../../ui/mark';
import { Lasting } from '../../ui/moment';
import { standingOf, toneOfStanding } from './source-standing';

/** "Answering for 3 h". */
export function SourceState({ source }: { source: Source }) {
  const standing = standingOf(source);
  const word = t.sources[standing];
  const { state } = source;
  const since =
    standing === 'failing'
      ? state.failing?.since
      : standing === 'answering' || standing === 'silent'
        ? state.since
        : undefined;
  return (
    <State tone={toneOfStanding(standing)}>
      {since === undefined ? (
        word
      ) : (
        <Lasting at={since} language={t.language} coarse>
          {(duration) => t.sources.stateFor(word, duration)}
        </Lasting>
      )}
    </State>
  );
}
