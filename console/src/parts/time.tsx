import { t } from '../text';

const relative = new Intl.RelativeTimeFormat(t.locale, { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeStyle: 'medium' });

/** How long ago; the moment itself when one points at it. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  if (at == null) return <span>{t.common.never}</span>;
  const moment = new Date(at);
  return (
    <time dateTime={at} title={absolute.format(moment)} style={{ whiteSpace: 'nowrap' }}>
      {sayAgo(moment)}
    </time>
  );
}

function sayAgo(moment: Date): string {
  const seconds = (moment.getTime() - performance.timeOrigin - performance.now()) / 1_000;
  const size = Math.abs(seconds);
  if (size < 45) return t.common.justNow;
  if (size < 3_600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3_600), 'hour');
  if (size < 30 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day');
  return absolute.format(moment);
}
