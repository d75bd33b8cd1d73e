import { checksSection } from './checks-section.ts';
import { sourcesSection } from './sources-section.ts';

export const sections = [sourcesSection, checksSection];
