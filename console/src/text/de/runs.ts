import { many, number } from './numbers';

/** Words by names that are only known at run time; what is not there is shown as it is called. */
type Names = Readonly<Record<string, string>>;

const runKinds: Names = {
  people_import: 'Laden von Personen',
  rule_evaluation: 'Auswerten einer Gruppenregel',
  plan: 'Berechnen eines Plans',
  app_assignment: 'Zuweisen von Personen',
  provisioning: 'Bereitstellen von Personen',
  synchronization: 'Abgleich von Konten',
  account_matching: 'Zuordnen von Konten',
};
const runStatuses: Names = {
  RUNNING: 'Läuft',
  PAUSED: 'Angehalten',
  SUCCEEDED: 'Fertig',
  FAILED: 'Fehlgeschlagen',
  REFUSED: 'Abgelehnt',
  CANCELLED: 'Abgebrochen',
};
const runCounts: Names = {
  failed: 'Fehlgeschlagen',
  skipped: 'Übergangen',
  waiting: 'Wartend',
  lines: 'Zeilen',
  created: 'Neue Personen',
  new: 'Neu',
  updated: 'Geändert',
  unchanged: 'Unverändert',
  deactivated: 'Deaktiviert',
  problems: 'Probleme',
};

export const runs = {
  title: 'Läufe',
  empty: 'Noch keine Sammelarbeit. Das Laden von Personen und Änderungen an vielen erscheinen hier.',
  kind: 'Arbeit',
  kinds: runKinds,
  status: 'Status',
  statuses: runStatuses,
  startedBy: 'Begonnen von',
  started: 'Begonnen',
  progress: (done: number, total: number | null) =>
    total === null ? `bisher ${number.format(done)}` : `${number.format(done)} von ${number.format(total)}`,
  secondsLeft: (seconds: number) =>
    seconds < 120
      ? `noch etwa ${many(Math.ceil(seconds), 'Sekunde', 'Sekunden')}`
      : `noch etwa ${many(Math.ceil(seconds / 60), 'Minute', 'Minuten')}`,
  speed: 'Tempo',
  ended: 'Beendet',
  rate: 'Durchsatz',
  perSecond: (items: number) => `${number.format(items)} je Sekunde`,
  left: 'Restzeit',
  half: 'Die Hälfte der Schreibvorgänge in der App dauerte höchstens',
  most: '95 von 100 dauerten höchstens',
  writes: 'Gemessene Schreibvorgänge',
  milliseconds: (ms: number) => (ms < 1_000 ? `${number.format(ms)} ms` : `${number.format(ms / 1_000)} s`),
  progressLabel: 'Fortschritt',
  counts: runCounts,
  problems: 'Probleme',
  noProblems: 'Nichts ging schief.',
  item: 'Eintrag',
  reason: 'Grund',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  cancel: 'Lauf abbrechen',
  cancelTitle: 'Diesen Lauf abbrechen?',
  cancelWhat: 'Er hält vor dem nächsten Eintrag an. Getanes bleibt getan; nichts bleibt halb getan.',
};
