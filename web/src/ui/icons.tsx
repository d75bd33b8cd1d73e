import type { ReactNode } from 'react';

/** Line icons on a 20 px grid; decoration beside a word, so hidden from screen readers. */
function Icon({ children, size = 18 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      {children}
    </svg>
  );
}

interface IconProps {
  size?: number;
}

export function OverviewIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="10" cy="10" r="7" />
      <circle cx="12.6" cy="7.4" r="1.4" fill="currentColor" stroke="none" />
    </Icon>
  );
}
export function AlertsIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 3a4.5 4.5 0 0 0-4.5 4.5c0 4-1.7 5.3-1.7 5.3h12.4s-1.7-1.3-1.7-5.3A4.5 4.5 0 0 0 10 3ZM8.4 15.8a1.8 1.8 0 0 0 3.2 0" />
    </Icon>
  );
}
export function SitesIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3.5 16.5v-9l4.5-3v12M8 8.5h8.5v8M3 16.5h14M11 11.5h2.5M11 14h2.5" />
    </Icon>
  );
}
export function ChecksIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="9" cy="9" r="6" />
      <path d="m13.4 13.4 3.6 3.6M6.6 9.2l1.7 1.7 3.2-3.6" />
    </Icon>
  );
}
export function SourcesIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M7 3v4M13 3v4M5 7h10v2.5a5 5 0 0 1-10 0V7ZM10 14.5V17" />
    </Icon>
  );
}
export function MaintenanceIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="3" y="4.5" width="14" height="12.5" rx="2" />
      <path d="M3 8.5h14M7 2.8v3M13 2.8v3M7.5 12.8h5" />
    </Icon>
  );
}
export function SettingsIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 6h6M13 6h4M3 14h3M10 14h7" />
      <circle cx="11" cy="6" r="2" />
      <circle cx="8" cy="14" r="2" />
    </Icon>
  );
}
export function ChevronIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m7 8 3 3 3-3" />
    </Icon>
  );
}
export function CheckIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m5 10.5 3.2 3.2L15 7" />
    </Icon>
  );
}
export function CopyIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="7" y="7" width="9" height="9" rx="2" />
      <path d="M4 12.5V6a2 2 0 0 1 2-2h6.5" />
    </Icon>
  );
}
export function CloseIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m5.5 5.5 9 9m0-9-9 9" />
    </Icon>
  );
}
export function PlusIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 4.5v11M4.5 10h11" />
    </Icon>
  );
}
export function DevicesIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="3" y="4" width="14" height="9" rx="1.5" />
      <path d="M10 13v3.5M7 16.5h6" />
    </Icon>
  );
}
export function RulesIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 13.5h3l2.5-7 3 10 2.2-6H17" />
    </Icon>
  );
}
export function ChannelsIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m3 9.5 14-6-4.5 13-3-5.5ZM9.5 11 17 3.5" />
    </Icon>
  );
}
export function LedgerIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="4" y="3" width="12" height="14" rx="1.5" />
      <path d="M7 7h6M7 10h6M7 13h3.5" />
    </Icon>
  );
}
export function SystemIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="3" y="3.5" width="14" height="5.5" rx="1.2" />
      <rect x="3" y="11" width="14" height="5.5" rx="1.2" />
      <path d="M6 6.25h.01M6 13.75h.01M9 6.25h5M9 13.75h5" />
    </Icon>
  );
}
export function SearchIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="9" cy="9" r="5" />
      <path d="m12.8 12.8 4 4" />
    </Icon>
  );
}
export function MoreIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 6h12M4 10h12M4 14h12" />
    </Icon>
  );
}
export function DownloadIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 3v9.5M6.2 9 10 12.8 13.8 9M4 16.5h12" />
    </Icon>
  );
}
