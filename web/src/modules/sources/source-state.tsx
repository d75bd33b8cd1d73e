import type { Source } from '@watchkeeper/contracts/sources';
import { t } from '../../messages';
import { State } from '../../ui/mark';
import { Lasting } from '../../ui/moment';
import { standingOf, toneOfStanding } from './source-standing';

/** "Answering for 3 h". */
export function SourceState({ source }: { source: Source }) {
  const standing = standingOf(source);
  const word = t.sources[standing];
  return (
    <State tone={toneOfStanding(standing)}>
      {standing === 'answering' || standing === 'silent' ? (
        <Lasting at={source.state.since} language={t.language} coarse>
          {(duration) => t.sources.stateFor(word, duration)}
        </Lasting>
      ) : (
        word
      )}
    </State>
  );
}
