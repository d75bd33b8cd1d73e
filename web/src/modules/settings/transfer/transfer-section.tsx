import { useOrg } from '../../../app/session';
import { outer } from '../../../base';
import { t } from '../../../messages';
import { buttonClass } from '../../../ui/button';
import { Panel } from '../../../ui/card';
import { SectionHead } from '../section-head';
import { ImportPanel } from './import-panel';

export function TransferSection() {
  const { org, can } = useOrg();
  const words = t.settings.transfer;
  return (
    <>
      <SectionHead section="import-export" sub={words.text}>
        {words.sentence}
      </SectionHead>
      <div className="mt-6 grid max-w-4xl gap-4">
        <Panel title={words.exportTitle}>
          <p className="mb-4 max-w-[65ch] text-2 text-ink-2">{words.exportText}</p>
          <a
            className={buttonClass()}
            href={outer(`/api/v1/${encodeURIComponent(org)}/manifest.yaml`)}
            download
          >
            {words.download}
          </a>
        </Panel>
        {can('inventory:write') ? <ImportPanel /> : <p className="text-1 text-ink-3">{words.refused}</p>}
      </div>
    </>
  );
}
