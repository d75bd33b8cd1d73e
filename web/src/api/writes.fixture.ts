/**
 * Every write of the console, by the file that sends it, and where its failure is seen. One word names a function or
 * a write of that file which says it itself; `file: text` names the place that shows it, and the text that does.
 */
export const writes: Record<string, Record<string, readonly string[]>> = {
  'alerting/actions.ts': {
    'POST /api/v1/{org}/alerts/acknowledge': ['acknowledge'],
    'POST /api/v1/{org}/alerts/resolve': ['resolve'],
    'POST /api/v1/{org}/alerts/unacknowledge': ['unacknowledge', '../app/undo.ts: messageOf(error)'],
    'POST /api/v1/{org}/alerts/reopen': ['../app/undo.ts: messageOf(error)'],
  },
  'alerting/saved-views.tsx': {
    'PUT /api/v1/{org}/views/{name}': ['alerting/saved-views.tsx: setError(messageOf(failure))'],
    'DELETE /api/v1/{org}/views/{name}': ['remove'],
  },
  'channels/add-channel-page.tsx': {
    'POST /api/v1/{org}/channels': ['channels/add-channel-page.tsx: error={create.error}'],
  },
  'channels/channel-page.tsx': {
    'PUT /api/v1/{org}/channels/{id}': ['channels/channel-page.tsx: error={isBehind ? null : save.error}'],
  },
  'channels/delete-channel.tsx': { 'DELETE /api/v1/{org}/channels/{id}': ['remove'] },
  'channels/rotate-secret.tsx': {
    'POST /api/v1/{org}/channels/{id}/secret': ['channels/rotate-secret.tsx: {messageOf(rotate.error)}'],
  },
  'channels/test-panel.tsx': {
    'POST /api/v1/{org}/channels/{id}/test': ['channels/test-panel.tsx: {messageOf(test.error)}'],
  },
  'checks/add-check-page.tsx': {
    'POST /api/v1/{org}/checks': ['checks/add-check-page.tsx: error={create.error}'],
  },
  'checks/check-actions.ts': {
    'PUT /api/v1/{org}/checks/{check}': [
      'toggle',
      'checks/edit-check-page.tsx: error={isBehind ? null : save.error}',
    ],
    'POST /api/v1/{org}/checks/{check}/run': ['checks/run-panel.tsx: {messageOf(run.error)}'],
    'DELETE /api/v1/{org}/checks/{check}': ['remove'],
  },
  'identity/invitations.ts': {
    'POST /api/auth/link': ['identity/set-password-page.tsx: <LoadFailed error={link.error}'],
    'POST /api/me/invitations/accept': [
      'identity/answer-invitation.tsx: const error = accept.error ?? decline.error;',
      'identity/answer-invitation.tsx: {messageOf(error)}',
    ],
    'DELETE /api/me/invitations/{id}': [
      'identity/answer-invitation.tsx: {messageOf(error)}',
      'identity/my-invitations.tsx: {messageOf(decline.error)}',
    ],
  },
  'identity/session-actions.ts': {
    'POST /api/auth/sign-in/email': ['identity/sign-in-page.tsx: {signInMessage(signIn.error)}'],
    'POST /api/setup': ['identity/setup-page.tsx: messageOf(setup.error)'],
    'POST /api/auth/set-password': ['identity/set-password-page.tsx: {messageOf(save.error)}'],
    'POST /api/auth/sign-out': ['useSignOut'],
  },
  'inventory/add-device-form.tsx': {
    'POST /api/v1/{org}/devices': ['inventory/add-device-form.tsx: {messageOf(add.error)}'],
  },
  'inventory/add-site-page.tsx': {
    'POST /api/v1/{org}/sites': ['inventory/add-site-page.tsx: {messageOf(add.error)}'],
  },
  'inventory/areas-editor.tsx': {
    'POST /api/v1/{org}/sites/{site}/areas': ['inventory/areas-editor.tsx: {messageOf(add.error)}'],
    'PUT /api/v1/{org}/sites/{site}/areas/{area}': ['rename'],
    'DELETE /api/v1/{org}/sites/{site}/areas/{area}': ['remove'],
    'PUT /api/v1/{org}/sites/{site}/area-order': ['useAreaOrder'],
  },
  'inventory/device-actions.ts': {
    'PUT /api/v1/{org}/devices/{device}': ['inventory/edit-device-dialog.tsx: {messageOf(save.error)}'],
    'POST /api/v1/{org}/devices/{device}/token': ['inventory/device-manage.tsx: {messageOf(rotate.error)}'],
    'POST /api/v1/{org}/devices/{device}/retire': ['useRetire'],
    'POST /api/v1/{org}/devices/{device}/return': ['useRetire'],
  },
  'inventory/edit-site-page.tsx': {
    'PUT /api/v1/{org}/sites/{site}': ['inventory/edit-site-page.tsx: {messageOf(save.error)}'],
  },
  'maintenance/add-window-page.tsx': {
    'POST /api/v1/{org}/maintenance': ['maintenance/add-window-page.tsx: error={plan.error}'],
  },
  'maintenance/edit-window-page.tsx': {
    'PUT /api/v1/{org}/maintenance/{id}': [
      'maintenance/edit-window-page.tsx: error={isBehind ? null : save.error}',
    ],
  },
  'maintenance/feed-panel.tsx': {
    'POST /api/v1/{org}/maintenance/feed': ['make'],
    'DELETE /api/v1/{org}/maintenance/feed': ['revoke'],
  },
  'maintenance/queries.ts': {
    'POST /api/v1/{org}/maintenance/preview': ['maintenance/preview-panel.tsx: {messageOf(preview.error)}'],
  },
  'maintenance/window-actions.ts': {
    'POST /api/v1/{org}/maintenance/{id}/extend': ['extend', 'onError'],
    'POST /api/v1/{org}/maintenance/{id}/end': ['end', 'onError'],
    'DELETE /api/v1/{org}/maintenance/{id}': ['remove', 'onError'],
  },
  'rules/new-rule.tsx': { 'POST /api/v1/{org}/rules': ['rules/new-rule.tsx: error={create.error}'] },
  'rules/queries.ts': { 'POST /api/v1/{org}/rules/{id}/backtest': ['rules/rule-page.tsx: query={backtest}'] },
  'rules/rule-actions.ts': {
    'PUT /api/v1/{org}/rules/{id}': ['toggle', 'rules/edit-rule-page.tsx: error={ahead ? null : save.error}'],
    'DELETE /api/v1/{org}/rules/{id}': ['remove'],
  },
  'rules/trial-panel.tsx': {
    'POST /api/v1/{org}/rules/backtest': ['rules/trial-panel.tsx: {messageOf(trial.error)}'],
  },
  'settings/api-keys/create-key-dialog.tsx': {
    'POST /api/v1/{org}/api-keys': ['settings/api-keys/create-key-dialog.tsx: error={create.error}'],
  },
  'settings/api-keys/key-list.tsx': { 'DELETE /api/v1/{org}/api-keys/{id}': ['revoke'] },
  'settings/device-types/device-type-form.tsx': {
    'POST /api/v1/{org}/device-types': ['settings/device-types/device-type-form.tsx: error={save.error}'],
    'PUT /api/v1/{org}/device-types/{type}': [
      'settings/device-types/device-type-form.tsx: error={save.error}',
    ],
  },
  'settings/device-types/device-type-list.tsx': {
    'DELETE /api/v1/{org}/device-types/{type}': ['remove'],
  },
  'settings/members/actions.ts': {
    'POST /api/v1/orgs/{org}/members': ['settings/members/invite-dialog.tsx: error={invite.error}'],
    'PUT /api/v1/orgs/{org}/members/{id}': ['useChangeRole'],
    'DELETE /api/v1/orgs/{org}/members/{id}': ['useRemoveMember'],
    'POST /api/v1/orgs/{org}/members/{id}/password-link': ['useNewLink'],
  },
  'settings/organization-section.tsx': {
    'PUT /api/v1/orgs/{org}': ['settings/organization-section.tsx: error={rename.error}'],
  },
  'settings/sessions/change-password.tsx': {
    'POST /api/auth/change-password': ['settings/sessions/change-password.tsx: error={change.error}'],
  },
  'settings/sessions/sessions-list.tsx': {
    'DELETE /api/auth/sessions/{id}': ['useEnd'],
    'DELETE /api/auth/sessions': ['useEnd'],
  },
  'settings/transfer/use-import.ts': {
    'POST /api/v1/{org}/apply': [
      'settings/transfer/import-panel.tsx: const error = apply.error ?? preview.error;',
      'settings/transfer/import-panel.tsx: <Mistakes error={error} />',
    ],
  },
  'sources/add-source-page.tsx': {
    'POST /api/v1/{org}/sources': ['sources/add-source-page.tsx: error={create.error}'],
  },
  'sources/delete-source.tsx': { 'DELETE /api/v1/{org}/sources/{source}': ['remove'] },
  'sources/edit-source-page.tsx': {
    'PUT /api/v1/{org}/sources/{source}': [
      'sources/edit-source-page.tsx: error={isBehind ? null : save.error}',
    ],
  },
  'sources/link-actions.ts': {
    'DELETE /api/v1/{org}/checks/{check}': ['unlink', '../app/undo.ts: messageOf(error)'],
    'POST /api/v1/{org}/sources/{source}/links': ['link'],
  },
  'sources/source-page.tsx': {
    'POST /api/v1/{org}/sources/{source}/test': [
      'checks/run-panel.tsx: {messageOf(run.error)}',
      'sources/source-page.tsx: run={test}',
    ],
  },
  'system/queries.ts': { 'PUT /api/operations/config': ['system/settings-form.tsx: error={save.error}'] },
};
