import type { Schemas } from '../api/client';
import { t } from '../text';

type Told = Pick<Schemas['Task'], 'errorCode' | 'probableCause' | 'suggestion'>;

/** What lies behind a task and what can be done: in the catalogue's language where it has the cause, else the server's. */
export function adviceOn({ errorCode, probableCause, suggestion }: Told): {
  readonly cause: string;
  readonly fix: string;
} {
  return t.tasks.advice[errorCode ?? 'manual'] ?? { cause: probableCause ?? '', fix: suggestion };
}
