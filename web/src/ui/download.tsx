import { Button } from './button';
import { DownloadIcon } from './icons';

interface DownloadProps {
  label: string;
  fileName: string;
  /** Made when it is asked for: tables may be large. */
  text: () => string;
  /** Says which table, where several stand on a page. */
  describe?: string;
}

/** Longer than any browser needs to begin the download. */
const keptMs = 10_000;

/** Saves a text as a file. */
export function DownloadCsv({ label, fileName, text, describe }: DownloadProps) {
  function save(): void {
    const url = URL.createObjectURL(new Blob([text()], { type: 'text/csv;charset=utf-8' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), keptMs);
  }
  return (
    <Button
      variant="quiet"
      onClick={save}
      className="px-2 text-1"
      aria-label={describe === undefined ? label : `${label}: ${describe}`}
    >
      <DownloadIcon size={16} />
      {label}
    </Button>
  );
}
