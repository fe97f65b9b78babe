import { t } from '../text';
import { Badge, type Tone } from './badge';

const tones: Readonly<Record<string, Tone>> = {
  SUCCESS: 'good',
  FAILURE: 'bad',
  SKIPPED: 'quiet',
  DEFERRED: 'info',
  UNKNOWN: 'warn',
};

/** How an event ended, in a word that does not shout. */
export function Outcome({ result }: { readonly result: string }) {
  return <Badge tone={tones[result] ?? 'quiet'}>{t.log.outcomes[result] ?? result}</Badge>;
}
