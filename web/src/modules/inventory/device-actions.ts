import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Device, DeviceUpdate } from '@watchkeeper/contracts/inventory';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { changeOf, type Meanwhile, showMeanwhile } from '../../api/meanwhile';
import { answered, messageOf } from '../../api/problem';
import { ifMatch } from '../../api/versions';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { serverNow } from '../../lib/clock';
import { t } from '../../messages';

/** Everything that shows a device, read again after it was changed. */
function useReadAgain(): () => void {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  return () => {
    for (const resource of ['overview', 'states', 'devices', 'sites', 'areas', 'alerts'] as const)
      void queryClient.invalidateQueries({ queryKey: keys.of(org, resource) });
  };
}

/** Refused with 412 when somebody else wrote since `device` was read. */
export function useSaveDevice(device: Device, onSaved: () => void) {
  const { org } = useOrg();
  const say = useToast();
  const readAgain = useReadAgain();
  return useMutation({
    mutationFn: (body: DeviceUpdate) =>
      answered<Device>(
        api.PUT('/api/v1/{org}/devices/{device}', {
          params: { path: { org, device: device.slug } },
          headers: ifMatch(device),
          body,
        }),
      ),
    onSuccess: (saved) => {
      say({ tone: 'ok', text: t.deviceView.saved(saved.name) });
      readAgain();
      onSaved();
    },
  });
}

export function useRotateToken(device: string) {
  const { org } = useOrg();
  return useMutation({
    mutationFn: () =>
      answered<{ token: string; heartbeat: { url: string } }>(
        api.POST('/api/v1/{org}/devices/{device}/token', { params: { path: { org, device } } }),
      ),
  });
}

/** Retire and bring back: shown at once, undone by one press, rolled back when the server refuses. */
export function useRetire(state: DeviceState) {
  const { org } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  const readAgain = useReadAgain();
  const key = keys.of(org, 'states', 'one', state.device_id);
  const params = { path: { org, device: state.device_id } };
  const mutation = useMutation<Device, Error, boolean, Meanwhile>({
    mutationFn: (retire: boolean) =>
      answered<Device>(
        retire
          ? api.POST('/api/v1/{org}/devices/{device}/retire', { params })
          : api.POST('/api/v1/{org}/devices/{device}/return', { params }),
      ),
    onMutate: (retire) => {
      const retired_at = retire ? new Date(serverNow()).toISOString() : null;
      return showMeanwhile(queryClient, [changeOf<DeviceState>(key, (shown) => ({ ...shown, retired_at }))]);
    },
    onSuccess: (_, retire, shown) => {
      shown.keep();
      say({
        tone: 'ok',
        text: retire ? t.deviceView.retired(state.name) : t.deviceView.returned(state.name),
        ...(retire ? { action: { label: t.deviceView.undo, run: () => mutation.mutate(false) } } : {}),
      });
    },
    onError: (error, _, shown) => {
      shown?.undo();
      say({ tone: 'problem', text: messageOf(error) });
    },
    onSettled: readAgain,
  });
  return mutation;
}
