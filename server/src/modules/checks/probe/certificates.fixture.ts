import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** For tests: a certificate and its key, in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  readonly name: string;
  readonly days: number;
  /** Left out: the certificate is self-signed. */
  readonly issuer?: Issued;
  /** Use the key of another certificate. */
  readonly key?: string;
  readonly isAuthority?: boolean;
}

/** Makes a real certificate with the system's openssl, valid from now. */
export function issue({ name, days, issuer, key, isAuthority = false }: Wanted): Issued {
  const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-cert-'));
  const at = (file: string) => path.join(folder, file);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  try {
    if (key === undefined)
      openssl(
        'genpkey',
        '-algorithm',
        'EC',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-out',
        at('key.pem'),
      );
    else writeFileSync(at('key.pem'), key);
    openssl('req', '-new', '-key', at('key.pem'), '-subj', `/CN=${name}`, '-out', at('request.pem'));
    const kind = isAuthority ? 'CA:TRUE' : 'CA:FALSE';
    const names = isAuthority ? '' : `subjectAltName=DNS:${name}\n`;
    writeFileSync(at('extensions'), `basicConstraints=critical,${kind}\n${names}`);
    const common = [
      '-days',
      String(days),
      '-extfile',
      at('extensions'),
      '-in',
      at('request.pem'),
      '-out',
      at('cert.pem'),
    ];
    if (issuer === undefined) openssl('x509', '-req', '-signkey', at('key.pem'), ...common);
    else {
      writeFileSync(at('ca.pem'), issuer.cert);
      writeFileSync(at('ca.key'), issuer.key);
      openssl('x509', '-req', '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', ...common);
    }
    return { cert: readFileSync(at('cert.pem'), 'utf8'), key: readFileSync(at('key.pem'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
