import type {
  AlertStatus,
  DeviceStatus,
  Permission,
  Role,
  Severity,
  SuppressionReason,
} from '@watchkeeper/contracts';
import type { AlertTransitionKind } from '@watchkeeper/contracts/alerting';
import type { Weekday } from '@watchkeeper/contracts/inventory';
import type { vocabulary as inEnglish } from '../en/vocabulary';

export const deviceStatus: Record<DeviceStatus, string> = {
  online: 'Online',
  degraded: 'Beeinträchtigt',
  unresponsive: 'Antwortet nicht',
  offline: 'Offline',
  unknown: 'Unbekannt',
  maintenance: 'Wartung',
};

const deviceStatusMeaning: Record<DeviceStatus, string> = {
  online: 'Die Heartbeats kommen an und melden, dass alles läuft.',
  degraded: 'Das Gerät lebt, meldet aber Schwierigkeiten.',
  unresponsive: 'Unsere Prüfungen bekommen keine Antwort.',
  offline: 'Bestätigt: kein Heartbeat seit mehr als der Grenze.',
  unknown: 'Wir wissen es nicht: nichts gehört, oder die Quelle ist veraltet.',
  maintenance: 'In einem Wartungsfenster; Alarme sind stumm.',
};

const severity: Record<Severity, string> = {
  critical: 'Kritisch',
  high: 'Hoch',
  medium: 'Mittel',
  low: 'Niedrig',
};

const alertStatus: Record<AlertStatus, string> = {
  open: 'Offen',
  acknowledged: 'Quittiert',
  resolved: 'Behoben',
};

const suppressedBy: Record<SuppressionReason, string> = {
  maintenance: 'Stumm wegen Wartung',
  dependency: 'Folge eines anderen Alarms',
  silence: 'Stummgeschaltet',
  outage_of_ours: 'Zurückgehalten: der Fehler kann bei uns liegen',
  storm: 'Zurückgehalten: Teil einer Welle',
};

const transition: Record<AlertTransitionKind, string> = {
  opened: 'Geöffnet',
  acknowledged: 'Quittiert',
  unacknowledged: 'Nicht mehr quittiert',
  resolved: 'Behoben',
  reopened: 'Wieder geöffnet',
  suppressed: 'Stumm',
  unsuppressed: 'Nicht mehr stumm',
  escalated: 'Eskaliert',
  recurred: 'Wieder aufgetreten',
};

const role: Record<Role, string> = {
  owner: 'Inhaber',
  admin: 'Admin',
  operator: 'Bedienung',
  viewer: 'Betrachter',
};

export const permission: Record<Permission, string> = {
  read: 'alles hier zu sehen',
  'alerts:operate': 'Alarme zu quittieren und zu beheben',
  'inventory:write': 'Standorte und Geräte anzulegen',
  'telemetry:write': 'Heartbeats und Werte zu senden',
  'rules:write': 'Regeln zu ändern',
  'channels:write': 'Kanäle zu ändern',
  'members:write': 'Mitglieder zu verwalten',
  'keys:write': 'API-Schlüssel zu verwalten',
  'organization:write': 'die Organisation umzubenennen',
  'audit:read': 'das Protokoll zu lesen',
  'oncall:write': 'die Rufbereitschaft zu regeln',
};

const permissionName: Record<Permission, string> = {
  read: 'alles hier sehen',
  'alerts:operate': 'Alarme quittieren und beheben',
  'inventory:write': 'Standorte und Geräte anlegen',
  'telemetry:write': 'Heartbeats und Werte senden',
  'rules:write': 'Regeln ändern',
  'channels:write': 'Kanäle ändern',
  'members:write': 'Mitglieder verwalten',
  'keys:write': 'API-Schlüssel verwalten',
  'organization:write': 'die Organisation umbenennen',
  'audit:read': 'das Protokoll lesen',
  'oncall:write': 'Rufbereitschaft regeln',
};

const weekday: Record<Weekday, string> = {
  monday: 'Montag',
  tuesday: 'Dienstag',
  wednesday: 'Mittwoch',
  thursday: 'Donnerstag',
  friday: 'Freitag',
  saturday: 'Samstag',
  sunday: 'Sonntag',
};

const metric: Record<string, { label: string; unit: string }> = {
  error_rate_5m: { label: 'Fehlerrate, 5 min', unit: '%' },
  request_latency_p95: { label: 'Antwortzeit, p95', unit: 'ms' },
  sync_lag_sec: { label: 'Sync-Rückstand', unit: 's' },
  memory_usage: { label: 'Speicher', unit: '%' },
  cpu_usage: { label: 'CPU', unit: '%' },
  disk_usage: { label: 'Festplatte', unit: '%' },
  latency_p95: { label: 'Antwortzeit, p95', unit: 'ms' },
  server_errors: { label: 'Fehlerrate', unit: '%' },
};

const detail: Record<string, string> = {
  silent_seconds: 'Still seit',
  limit_seconds: 'Grenze',
  last_seen_at: 'Zuletzt gehört',
  percent: 'Anteil',
  threshold_percent: 'Grenze',
  threshold: 'Grenze',
  matching: 'Zutreffend',
  samples: 'Messungen',
  minimum_samples: 'Nötige Messungen',
  window_minutes: 'Zeitfenster',
  duration_minutes: 'Muss anhalten',
  source: 'Quelle',
  endpoint: 'Endpunkt',
  measurements: 'Messungen in Folge',
  grown: 'Gewachsen um',
  resets: 'Neu begonnen',
  per: 'Je',
  transitions: 'Zustandswechsel',
  event_type: 'Ereignis',
  median_per_hour: 'Üblich je Stunde',
  at: 'Gemessen',
};

const ledgerTransition: Record<string, string> = {
  opened: 'als er geöffnet wurde',
  acknowledged: 'als er quittiert wurde',
  resolved: 'als er behoben war',
  reopened: 'als die Behebung zurückgenommen wurde',
  escalated: 'als er eskaliert ist',
  unsuppressed: 'als er nicht mehr stumm war',
};

export const vocabulary: typeof inEnglish = {
  deviceStatus,
  deviceStatusMeaning,
  severity,
  alertStatus,
  suppressedBy,
  transition,
  role,
  permission,
  permissionName,
  weekday,
  metric,
  detail,
  ledgerTransition,
};
