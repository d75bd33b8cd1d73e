import { type Heartbeat, heartbeatCurl } from './curl';

/** Where a device can run what the console hands out. */
export const machines = ['systemd', 'windows', 'cron', 'once'] as const;
export type Machine = (typeof machines)[number];

/** The block to paste on that machine: it sends a heartbeat now and keeps sending, also after restarts. */
export function handoutFor(machine: Machine, heartbeat: Heartbeat): string {
  return handouts[machine](heartbeat);
}

/** Offline begins after two minutes unless told otherwise: four of these have to be lost for it. */
const timerSeconds = 30;
const waitSeconds = 20;

const handouts: Record<Machine, (heartbeat: Heartbeat) => string> = {
  once: heartbeatCurl,
  systemd: (heartbeat) => {
    const name = fileNameOf(heartbeat.device);
    return `$(command -v sudo) sh <<'WATCHKEEPER'
set -eu
command -v curl >/dev/null || { echo 'curl is missing: install it, then paste this again.'; exit 1; }
umask 077
mkdir -p /etc/watchkeeper
cat >/etc/watchkeeper/${name}.curl <<'END'
${curlConfig(heartbeat)}
END
umask 022
cat >/etc/systemd/system/watchkeeper-${name}.service <<'END'
[Unit]
Description=Heartbeat of ${heartbeat.device} to Watchkeeper
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=/usr/bin/env curl --config /etc/watchkeeper/${name}.curl
END
cat >/etc/systemd/system/watchkeeper-${name}.timer <<'END'
[Unit]
Description=Heartbeats of ${heartbeat.device} to Watchkeeper

[Timer]
OnBootSec=5
OnUnitActiveSec=${timerSeconds}
AccuracySec=1

[Install]
WantedBy=timers.target
END
systemctl daemon-reload
systemctl enable watchkeeper-${name}.timer
systemctl restart watchkeeper-${name}.timer
systemctl start watchkeeper-${name}.service
echo 'The first heartbeat was sent; the next follow by themselves.'
WATCHKEEPER`;
  },
  cron: (heartbeat) => {
    const file = `.config/watchkeeper/${fileNameOf(heartbeat.device)}.curl`;
    return `sh <<'WATCHKEEPER'
set -eu
umask 077
mkdir -p "$HOME/.config/watchkeeper"
cat >"$HOME/${file}" <<'END'
${curlConfig(heartbeat)}
END
{ crontab -l 2>/dev/null | grep -vF '${file}' || :
  echo '* * * * * curl --config "$HOME/${file}"'
} | crontab -
curl --config "$HOME/${file}"
echo 'The first heartbeat was sent; the next follow by themselves.'
WATCHKEEPER`;
  },
  windows: (heartbeat) => {
    const name = fileNameOf(heartbeat.device);
    return `& {
$ErrorActionPreference = 'Stop'
$me = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { throw 'Open PowerShell as administrator, then paste this again.' }
$folder = Join-Path $env:ProgramData 'Watchkeeper'
$file = Join-Path $folder '${name}.ps1'
New-Item -ItemType Directory -Force -Path $folder | Out-Null
Set-Content -Path $file -Encoding Ascii -Value @'
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
$headers = @{ Authorization = ${powershellText(`Bearer ${heartbeat.token}`)} }
$body = ${powershellText(bodyOf(heartbeat))}
Invoke-RestMethod -Method Post -Uri ${powershellText(asciiUrl(heartbeat.url))} -Headers $headers -ContentType 'application/json' -Body $body -TimeoutSec ${waitSeconds} | Out-Null
'@
icacls $file /inheritance:r /grant:r '*S-1-5-18:(F)' '*S-1-5-32-544:(F)' | Out-Null
$run = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $file + '"'
$action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $run
$trigger = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 1)
$principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit (New-TimeSpan -Minutes 1)
Register-ScheduledTask -Force -TaskName 'Watchkeeper ${name}' -Action $action -Trigger $trigger -Principal $principal -Settings $settings | Out-Null
powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $file
if ($LASTEXITCODE -ne 0) { throw 'The heartbeat was not taken; the reason stands above.' }
'The first heartbeat was sent; the next follow by themselves.'
}`;
  },
};

/** A slug as part of a file name on every system; only the colon is refused, by Windows. */
function fileNameOf(slug: string): string {
  return slug.replaceAll(':', '_');
}

function bodyOf({ device, org, site }: Heartbeat): string {
  return JSON.stringify({ device_id: device, tenant_id: org, store_id: site, status: 'ok' });
}

/** The token stands in a file of its owner, not in a list of processes. */
function curlConfig(heartbeat: Heartbeat): string {
  return [
    `url = ${curlText(heartbeat.url)}`,
    `header = ${curlText(`Authorization: Bearer ${heartbeat.token}`)}`,
    'header = "Content-Type: application/json"',
    `data = ${curlText(bodyOf(heartbeat))}`,
    'output = "/dev/null"',
    `max-time = ${waitSeconds}`,
    'silent',
    'show-error',
    'fail',
  ].join('\n');
}

function curlText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Nothing is special in it but the quote itself. */
function powershellText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Windows PowerShell reads a file without a mark as its own code page, so nothing in it is beyond ASCII. */
function asciiUrl(url: string): string {
  return URL.parse(url)?.href ?? url;
}
