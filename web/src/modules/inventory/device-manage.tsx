import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { copyWords } from '../../app/copy-words';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { CopyBlock } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { Notice } from '../../ui/notice';
import { useRetire, useRotateToken } from './device-actions';
import { EditDeviceDialog } from './edit-device-dialog';
import { Handout } from './handout-panel';

type Asking = 'edit' | 'token' | 'retire' | undefined;

/** The actions for a device; the button says why an action is not allowed. */
export function DeviceManage({ state }: { state: DeviceState }) {
  const { can } = useOrg();
  const [asking, setAsking] = useState<Asking>();
  const retire = useRetire(state);
  const reason = can('inventory:write') ? undefined : t.state.noPermission('inventory:write');
  const close = () => setAsking(undefined);
  return (
    <>
      <Button disabledReason={reason} onClick={() => setAsking('edit')}>
        {t.deviceView.edit}
      </Button>
      {state.retired_at === null ? (
        <>
          <Button disabledReason={reason} onClick={() => setAsking('token')}>
            {t.deviceView.token}
          </Button>
          <Button disabledReason={reason} onClick={() => setAsking('retire')}>
            {t.deviceView.retire}
          </Button>
        </>
      ) : (
        <Button
          variant="primary"
          disabledReason={reason}
          busy={retire.isPending}
          onClick={() => retire.mutate(false)}
        >
          {t.deviceView.returnIt}
        </Button>
      )}
      <EditDeviceDialog slug={state.device_id} name={state.name} open={asking === 'edit'} onClose={close} />
      {asking === 'token' ? <TokenDialog state={state} onClose={close} /> : null}
      <Dialog
        open={asking === 'retire'}
        onClose={close}
        title={t.deviceView.retireTitle(state.name)}
        closeLabel={t.action.close}
      >
        <p className="text-ink-2">{t.deviceView.retireText}</p>
        <div className="mt-5 flex flex-wrap gap-2">
          <Button
            variant="primary"
            onClick={() => {
              retire.mutate(true);
              close();
            }}
          >
            {t.deviceView.retireDo}
          </Button>
          <Button variant="quiet" onClick={close}>
            {t.action.cancel}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** First what it breaks, then the new token, once. It lives in this dialog and nowhere else. */
function TokenDialog({ state, onClose }: { state: DeviceState; onClose: () => void }) {
  const rotate = useRotateToken(state.device_id);
  const made = rotate.data;
  return (
    <Dialog
      open
      onClose={onClose}
      title={made === undefined ? t.deviceView.tokenTitle : t.deviceView.tokenReady}
      closeLabel={t.action.close}
    >
      {made === undefined ? (
        <>
          <p className="text-ink-2">{t.deviceView.tokenText(state.name)}</p>
          {rotate.error === null ? null : (
            <Notice tone="attention" role="alert" className="mt-4">
              {messageOf(rotate.error)}
            </Notice>
          )}
          <div className="mt-5 flex flex-wrap gap-2">
            <Button variant="primary" busy={rotate.isPending} onClick={() => rotate.mutate()}>
              {t.deviceView.tokenMake}
            </Button>
            <Button variant="quiet" onClick={onClose}>
              {t.action.cancel}
            </Button>
          </div>
        </>
      ) : (
        <div className="grid gap-4">
          <p className="text-ink-2">{t.deviceView.tokenReadyText}</p>
          <CopyBlock text={made.token} words={copyWords()} />
          <Handout
            url={made.heartbeat.url}
            token={made.token}
            device={state.device_id}
            org={state.tenant_id}
            site={state.store_id}
          />
          <div>
            <Button onClick={onClose}>{t.deviceView.tokenDone}</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
