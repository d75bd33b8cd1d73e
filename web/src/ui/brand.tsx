/** The eye that keeps watch: a ring, and a light on it that says how well. */
export function BrandMark({
  tone = 'ok',
  size = 22,
}: {
  tone?: 'ok' | 'attention' | 'unknown';
  size?: number;
}) {
  const fill = { ok: 'var(--ok)', attention: 'var(--attention)', unknown: 'var(--unknown)' }[tone];
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 22 22" className="shrink-0">
      <circle cx="11" cy="11" r="9" fill="none" stroke="currentColor" strokeWidth="2.2" />
      <circle cx="14" cy="8" r="2.7" fill={fill} />
    </svg>
  );
}
