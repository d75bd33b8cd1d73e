/** FNV-1a over the sorted labels, 64 bits: the same labels are the same alert. Source: Prometheus, model/signature.go. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const separator = 0xff;
  let hash = 0xcbf29ce484222325n;
  const add = (byte: number) => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  };
  for (const name of Object.keys(labels).toSorted()) {
    for (const text of [name, labels[name] ?? '']) {
      for (const byte of Buffer.from(text)) add(byte);
      add(separator);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
