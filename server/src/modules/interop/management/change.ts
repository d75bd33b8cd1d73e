import { randomBytes } from 'node:crypto';
import type { PingCheck, PingCheckChange, PingConfig } from '#modules/checks';
import { invalidField } from '#platform/errors';
import type { Spec } from './spec.ts';

/** The defaults of Healthchecks for a new check. There, a ping resumes a paused check. */
const fresh: PingConfig = {
  period: 86_400,
  grace: 3_600,
  timezone: 'UTC',
  methods: 'any',
  resume_on_ping: true,
};

/** Versions before 3 derive the slug from the name, whenever the name changes. */
export type ApiVersion = 1 | 2 | 3;

/** The new values of a check, or of a new one, after this request. @throws validation_failed */
export function changeOf(spec: Spec, version: ApiVersion, before: PingCheck | undefined): PingCheckChange {
  const name = spec.name ?? before?.name;
  const change = { slugs: slugsOf(spec, version, before), config: configOf(spec, before?.config ?? fresh) };
  return { ...change, name: name === '' ? undefined : name };
}

function slugsOf(spec: Spec, version: ApiVersion, before: PingCheck | undefined): readonly string[] {
  if (spec.slug !== undefined && spec.slug !== '') return [spec.slug];
  const renamed = spec.name !== undefined && spec.name !== '' && spec.name !== before?.name;
  if (before !== undefined && (version === 3 || !renamed)) return [before.slug];
  const mark = randomBytes(4).toString('hex');
  const base = slugify(spec.name ?? '');
  return base === '' ? [`check-${mark}`] : [base, `${base}-2`, `${base}-3`, `${base}-${mark}`];
}

export function slugify(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\w\s-]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[-\s]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');
}

function configOf(spec: Spec, before: PingConfig): PingConfig {
  const { period, cron, description, tags, start_keywords, success_keywords, failure_keywords, ...rest } =
    before;
  const due =
    spec.schedule !== undefined
      ? { cron: spec.schedule }
      : spec.timeout !== undefined
        ? { period: spec.timeout }
        : { period, cron };
  const words = {
    start_keywords: spec.start_kw ?? start_keywords,
    success_keywords: spec.success_kw ?? success_keywords,
    failure_keywords: spec.failure_kw ?? failure_keywords,
  };
  checkWords(spec, words, before);
  return {
    ...rest,
    ...given({ ...due, ...words, description: spec.desc ?? description }),
    ...(spec.tags === undefined ? (tags === undefined ? {} : { tags }) : { tags: spec.tags }),
    grace: spec.grace ?? before.grace,
    timezone: spec.tz ?? before.timezone,
    methods: spec.methods === undefined ? before.methods : spec.methods === 'POST' ? 'POST' : 'any',
    ...(spec.manual_resume === undefined ? {} : { resume_on_ping: !spec.manual_resume }),
  };
}

/**
 * Here, keywords always count when they are set. In Healthchecks they count only with a filter. So a request must set
 * both or none.
 */
function checkWords(
  spec: Spec,
  words: Readonly<Record<string, string | undefined>>,
  before: PingConfig,
): void {
  const there = Object.values(words).some((word) => hasWords(word));
  const filters = spec.filter_http_body ?? isFiltered(before);
  if (there && !filters)
    throw invalidField(
      spec.filter_http_body === false ? 'filter_http_body' : firstWord(spec),
      'has no effect without the other: the body of a ping is searched for the words, so send filter_http_body: true with them, or the words empty',
    );
  if (!there && spec.filter_http_body === true)
    throw invalidField('filter_http_body', 'needs words: success_kw, failure_kw or start_kw');
}

function firstWord(spec: Spec): string {
  return (
    (['success_kw', 'failure_kw', 'start_kw'] as const).find((name) => hasWords(spec[name])) ?? 'success_kw'
  );
}

function hasWords(words: string | undefined): boolean {
  return (words ?? '').split(',').some((word) => word.trim() !== '');
}

export function isFiltered(config: PingConfig): boolean {
  return [config.start_keywords, config.success_keywords, config.failure_keywords].some(hasWords);
}

/** Without empty values. */
function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  // Safe because only entries without a value are left out.
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}

/**
 * Tells whether a check is the one that an upsert means. @throws validation_failed when a field to find it by is empty
 */
export function matcherOf(spec: Spec): ((check: PingCheck) => boolean) | null {
  const { unique = [] } = spec;
  if (unique.length === 0 || unique.some((field) => spec[field] === undefined)) return null;
  for (const field of ['name', 'slug'] as const)
    if (unique.includes(field) && spec[field] === '')
      throw invalidField(field, 'is empty, and every check has one: send a text to find a check by it');
  const wanted = { ...spec, tags: spec.tags?.join(' ') };
  return (check) => {
    const { period: timeout, grace } = check.config;
    const there = { name: check.name, slug: check.slug, tags: tagsOf(check).join(' '), timeout, grace };
    return unique.every((field) => there[field] === wanted[field]);
  };
}

export function tagsOf({ config }: PingCheck): readonly string[] {
  return config.tags ?? [];
}
