import type { ApiKey } from '@watchkeeper/contracts/identity';
import type { ApiKeyRow } from './store.ts';

export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    created_by: { kind: row.created_by_kind, id: row.created_by_id, name: row.created_by_name },
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  };
}
