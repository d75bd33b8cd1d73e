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
  online: 'En ligne',
  degraded: 'Dégradé',
  unresponsive: 'Sans réponse',
  offline: 'Hors ligne',
  unknown: 'Inconnu',
  maintenance: 'Maintenance',
};

const deviceStatusMeaning: Record<DeviceStatus, string> = {
  online: 'Ses signaux de vie arrivent et disent que tout fonctionne.',
  degraded: 'Il est en vie, mais signale des difficultés.',
  unresponsive: 'Nos contrôles restent sans réponse.',
  offline: 'Confirmé : aucun signal de vie au-delà de la limite.',
  unknown: 'Impossible à dire : rien n’a été entendu, ou la source est périmée.',
  maintenance: 'En fenêtre de maintenance ; les alertes sont muettes.',
};

const severity: Record<Severity, string> = {
  critical: 'Critique',
  high: 'Élevée',
  medium: 'Moyenne',
  low: 'Faible',
};

const alertStatus: Record<AlertStatus, string> = {
  open: 'Ouverte',
  acknowledged: 'Acquittée',
  resolved: 'Résolue',
};

const suppressedBy: Record<SuppressionReason, string> = {
  maintenance: 'Muette pour maintenance',
  dependency: 'Découle d’une autre alerte',
  silence: 'Mise en silence',
  outage_of_ours: 'Retenue : la panne est peut-être de notre côté',
  storm: 'Retenue : fait partie d’une vague',
};

const transition: Record<AlertTransitionKind, string> = {
  opened: 'Ouverte',
  acknowledged: 'Acquittée',
  unacknowledged: 'N’est plus acquittée',
  resolved: 'Résolue',
  reopened: 'Rouverte',
  suppressed: 'Muette',
  unsuppressed: 'N’est plus muette',
  escalated: 'Escaladée',
  recurred: 'S’est reproduite',
};

const role: Record<Role, string> = {
  owner: 'Propriétaire',
  admin: 'Admin',
  operator: 'Opérateur',
  viewer: 'Lecteur',
};

export const permission: Record<Permission, string> = {
  read: 'tout voir ici',
  'alerts:operate': 'acquitter et résoudre les alertes',
  'inventory:write': 'ajouter des sites et des appareils',
  'telemetry:write': 'envoyer des signaux de vie et des mesures',
  'rules:write': 'modifier les règles',
  'channels:write': 'modifier les canaux',
  'members:write': 'gérer les membres',
  'keys:write': 'gérer les clés API',
  'organization:write': 'renommer l’organisation',
  'audit:read': 'lire le journal d’audit',
  'oncall:write': 'organiser l’astreinte',
};

const weekday: Record<Weekday, string> = {
  monday: 'Lundi',
  tuesday: 'Mardi',
  wednesday: 'Mercredi',
  thursday: 'Jeudi',
  friday: 'Vendredi',
  saturday: 'Samedi',
  sunday: 'Dimanche',
};

const metric: Record<string, { label: string; unit: string }> = {
  error_rate_5m: { label: 'Taux d’erreurs, 5 min', unit: '%' },
  request_latency_p95: { label: 'Temps de réponse, p95', unit: 'ms' },
  sync_lag_sec: { label: 'Retard de synchro', unit: 's' },
  memory_usage: { label: 'Mémoire', unit: '%' },
  cpu_usage: { label: 'CPU', unit: '%' },
  disk_usage: { label: 'Disque', unit: '%' },
  latency_p95: { label: 'Temps de réponse, p95', unit: 'ms' },
  server_errors: { label: 'Taux d’erreurs', unit: '%' },
};

const detail: Record<string, string> = {
  silent_seconds: 'Muet depuis',
  limit_seconds: 'Limite',
  last_seen_at: 'Entendu pour la dernière fois',
  percent: 'Part',
  threshold_percent: 'Limite',
  threshold: 'Limite',
  matching: 'Concernées',
  samples: 'Mesures',
  minimum_samples: 'Mesures nécessaires',
  window_minutes: 'Fenêtre',
  duration_minutes: 'Doit durer',
  source: 'Source',
  endpoint: 'Point d’accès',
  measurements: 'Mesures de suite',
  grown: 'A augmenté de',
  resets: 'Recommencé',
  per: 'Par',
  transitions: 'Changements d’état',
  event_type: 'Événement',
  median_per_hour: 'Habituel par heure',
  at: 'Mesuré',
};

const ledgerTransition: Record<string, string> = {
  opened: 'à son ouverture',
  acknowledged: 'à son acquittement',
  resolved: 'à sa résolution',
  reopened: 'à l’annulation de sa résolution',
  escalated: 'à son escalade',
  unsuppressed: 'quand elle n’était plus muette',
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
  permissionName: permission,
  weekday,
  metric,
  detail,
  ledgerTransition,
};
