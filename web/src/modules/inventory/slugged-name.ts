import { useState } from 'react';
import { toSlug } from '../../lib/slug';

/** A name and the slug that follows it until somebody writes their own. */
export function useSluggedName() {
  const [name, setName] = useState('');
  const [own, setOwn] = useState<string>();
  return {
    name,
    setName,
    slug: own ?? toSlug(name),
    /** An emptied field follows the name again. */
    setSlug: (slug: string) => setOwn(slug === '' ? undefined : slug),
  };
}
