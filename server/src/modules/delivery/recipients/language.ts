/** Languages of the mails and pages to recipients. */
export const recipientLanguages = ['en', 'de', 'fr'] as const;
export type RecipientLanguage = (typeof recipientLanguages)[number];

/** English for a language that we do not have. */
export function toLanguage(text: string | null): RecipientLanguage {
  return recipientLanguages.find((language) => language === text) ?? 'en';
}

/** The one that the browser likes best of ours; undefined: it names none of them. */
export function languageOfBrowser(header: string | undefined): RecipientLanguage | undefined {
  const wanted = (header ?? '').split(',').map((part) => {
    const [tag = '', ...rest] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const weight = Number(/^q=([\d.]+)$/.exec(rest[0] ?? '')?.[1] ?? 1);
    return { language: tag.split('-', 1)[0], weight };
  });
  for (const { language } of wanted.toSorted((a, b) => b.weight - a.weight)) {
    const ours = recipientLanguages.find((one) => one === language);
    if (ours !== undefined) return ours;
  }
  return undefined;
}
