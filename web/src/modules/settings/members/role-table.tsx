import { permissions, rolePermissions, roles } from '@watchkeeper/contracts/vocabulary';
import { useOrg } from '../../../app/session';
import { t } from '../../../messages';
import { Panel } from '../../../ui/card';
import { classes } from '../../../ui/classes';
import { CheckIcon } from '../../../ui/icons';

/** From the very sets that the server judges by, so that it cannot say otherwise. */
export function RoleTable() {
  const { organization } = useOrg();
  return (
    <Panel title={t.settings.members.rolesTitle}>
      {/* Four columns of words do not fit a phone: there each right names its roles. */}
      <dl className="grid gap-3 text-1 sm:hidden">
        {permissions.map((permission) => (
          <div key={permission}>
            <dt className="first-letter:uppercase">{t.permissionName[permission]}</dt>
            <dd className="text-ink-3">
              {roles
                .filter((role) => rolePermissions[role].includes(permission))
                .map((role) => t.role[role])
                .join(', ')}
            </dd>
          </div>
        ))}
      </dl>
      <table className="w-full border-collapse text-1 max-sm:hidden">
        <thead>
          <tr className="text-ink-3">
            <th scope="col" className="pb-2 text-left font-normal">
              <span className="sr-only">{t.settings.members.right}</span>
            </th>
            {roles.map((role) => (
              <th
                key={role}
                scope="col"
                className={classes(
                  'w-24 pb-2 text-center font-normal whitespace-nowrap',
                  role === organization.role && 'font-semibold text-ink',
                )}
              >
                {t.role[role]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map((permission) => (
            <tr key={permission} className="border-t border-line">
              <th scope="row" className="py-2 pr-2 text-left font-normal first-letter:uppercase">
                {t.permissionName[permission]}
              </th>
              {roles.map((role) => (
                <td key={role} className="py-2 text-center">
                  <Mark may={rolePermissions[role].includes(permission)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Mark({ may }: { may: boolean }) {
  return (
    <>
      <span className="sr-only">{may ? t.settings.members.may : t.settings.members.mayNot}</span>
      <span aria-hidden="true" className="inline-flex justify-center text-ink-3">
        {may ? (
          <span className="text-ok">
            <CheckIcon size={16} />
          </span>
        ) : (
          '–'
        )}
      </span>
    </>
  );
}
