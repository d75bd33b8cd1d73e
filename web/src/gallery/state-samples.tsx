import { Answer } from '../ui/answer';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Notice } from '../ui/notice';
import { Skeleton, SkeletonRows } from '../ui/skeleton';
import { Spinner } from '../ui/spinner';
import { Sample } from './sample';

export function StateSamples() {
  return (
    <>
      <Sample title="Page head">
        <Answer
          crumb="Sites / Dartmouth"
          above={<span>open 3 min 10 s</span>}
          sub="Live, last signal 2 s ago"
          actions={<Button variant="primary">Acknowledge</Button>}
        >
          Two things need you.
        </Answer>
      </Sample>
      <Sample title="Nothing to show">
        <Empty tone="ok" title="Nothing is wrong.">
          Last checked 8 s ago.
        </Empty>
        <Empty title="No sites yet." action={<Button variant="primary">Add a site</Button>}>
          A site is a location, store, club or client site.
        </Empty>
      </Sample>
      <Sample title="Notices">
        <Notice tone="attention" title="The connection is lost." action={<Button>Try now</Button>}>
          What you see is from 20 s ago.
        </Notice>
        <Notice tone="unknown">Your role does not allow this.</Notice>
        <Notice tone="problem">Something needs a person now.</Notice>
      </Sample>
      <Sample title="Reading">
        <Spinner />
        <Skeleton className="h-8 w-80" />
        <SkeletonRows label="Loading" rows={2} />
      </Sample>
    </>
  );
}
