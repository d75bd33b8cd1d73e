import type { Alert, AlertWithTimeline, Overview } from '@watchkeeper/contracts/alerting';
import type { Me, Member, SessionItem, SignedIn } from '@watchkeeper/contracts/identity';
import type { Area, Device, DeviceInput, DeviceType, Site, SiteInput } from '@watchkeeper/contracts/inventory';
import type { Notification } from '@watchkeeper/contracts/notifications';
import type { DeviceState, HistoryPoint, HistoryResolution } from '@watchkeeper/contracts/telemetry';

interface Problem { type: string; title: string; status: number; detail: string; instance: string; code: string; request_id: string; errors?: { field: string; message: string }[] }
interface Body<T> { content: { 'application/json': T } ; headers: { [name: string]: unknown } }
interface Page<T> { data: T[]; next_cursor: string | null }
type Answers<T, S extends number = 200> = { [K in S]: Body<T> } & { default: { content: { 'application/problem+json': Problem }; headers: { [name: string]: unknown } } };
interface Get<P, Q, T> { parameters: { path: P; query?: Q; header?: never; cookie?: never }; requestBody?: never; responses: Answers<T> }
interface Post<P, B, T, S extends number = 200> { parameters: { path: P; query?: never; header?: { 'idempotency-key'?: string }; cookie?: never }; requestBody: Body<B>; responses: Answers<T, S> }
interface PostFree<B, T, S extends number = 200> { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody: Body<B>; responses: Answers<T, S> }
interface GetFree<T> { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: Answers<T> }
interface Org { org: string }
interface List { limit?: number; cursor?: string }
interface History { device_id: string; tenant_id: string; from: string; to: string; resolution: HistoryResolution; data: HistoryPoint[]; next_cursor: string | null }

export interface paths {
  '/api/me': { get: GetFree<Me> };
  '/api/setup': { get: GetFree<{ needed: boolean }>; post: PostFree<{ token: string; name: string; email: string; password: string }, SignedIn, 201> };
  '/api/auth/sign-in/email': { post: PostFree<{ email: string; password: string; remember_me?: boolean }, SignedIn> };
  '/api/auth/sign-out': { post: { parameters: { query?: never; header?: never; path?: never; cookie?: never }; requestBody?: never; responses: Answers<undefined, 204> } };
  '/api/auth/set-password': { post: PostFree<{ token: string; password: string }, SignedIn> };
  '/api/auth/sessions': { get: GetFree<{ data: SessionItem[] }> };
  '/api/v1/orgs/{org}/members': { get: Get<Org, List, Page<Member>> };
  '/api/v1/{org}/overview': { get: Get<Org, never, Overview> };
  '/api/v1/{org}/states': { get: Get<Org, List & { site?: string; status?: string; q?: string }, Page<DeviceState>> };
  '/api/v1/{org}/devices/{device}/state': { get: Get<Org & { device: string }, never, DeviceState> };
  '/heartbeat/{device_id}/history': { get: Get<{ device_id: string }, { hours?: number; limit?: number; cursor?: string; tenant_id?: string }, History> };
  '/api/v1/{org}/alerts': { get: Get<Org, List & { status?: 'open' | 'acknowledged' | 'resolved' | 'active'; severity?: 'low'; type?: string; site?: string; device?: string; since?: string }, Page<Alert>> };
  '/api/v1/{org}/alerts/{id}': { get: Get<Org & { id: string }, never, AlertWithTimeline> };
  '/api/v1/{org}/alerts/{id}/acknowledge': { post: Post<Org & { id: string }, { note?: string }, Alert> };
  '/api/v1/{org}/alerts/{id}/resolve': { post: Post<Org & { id: string }, { reason: string }, Alert> };
  '/api/v1/{org}/notifications': { get: Get<Org, List & { alert?: string }, Page<Notification>> };
  '/api/v1/{org}/sites': { get: Get<Org, List & { q?: string }, Page<Site>>; post: Post<Org, SiteInput, Site, 201> };
  '/api/v1/{org}/sites/{site}': { get: Get<Org & { site: string }, never, Site> };
  '/api/v1/{org}/sites/{site}/areas': { get: Get<Org & { site: string }, List, Page<Area>> };
  '/api/v1/{org}/devices': { get: Get<Org, List & { site?: string; q?: string }, Page<Device>>; post: Post<Org, DeviceInput, Device & { token: string; heartbeat: { url: string } }, 201> };
  '/api/v1/{org}/devices/{device}': { get: Get<Org & { device: string }, never, Device> };
  '/api/v1/{org}/device-types': { get: Get<Org, List, Page<DeviceType>> };
}
