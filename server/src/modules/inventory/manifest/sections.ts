import { deviceTypesSection } from './device-types-section.ts';
import { devicesSection } from './devices-section.ts';
import { sitesSection } from './sites-section.ts';

export const sections = [deviceTypesSection, sitesSection, devicesSection];
