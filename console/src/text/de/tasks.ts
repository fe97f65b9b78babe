import { many } from './numbers';
import { advice } from './task-advice';

const kinds: Readonly<Record<string, string>> = {
  FAILURE: 'Fehler',
  GROUP_PUSH: 'Gruppen-Push',
  PROVISION: 'Konten von Hand anlegen',
  DEPROVISION: 'Konten von Hand wegnehmen',
};

interface Together {
  readonly tasks: number;
  readonly people: number;
  readonly groups: number;
}

export const tasks = {
  title: 'Aufgaben',
  waiting: (count: number) => many(count, 'offene Aufgabe', 'offene Aufgaben'),
  what: 'Was Usher nicht selbst tun konnte, nach Anwendung und Ursache. Eine Aufgabe schließt sich von selbst, wenn sie niemanden mehr betrifft.',
  together: ({ tasks: open, people, groups }: Together) =>
    `${many(open, 'offene Aufgabe', 'offene Aufgaben')}: ${[
      ...(people > 0 || groups === 0 ? [many(people, 'Person', 'Personen')] : []),
      ...(groups > 0 ? [many(groups, 'Gruppe', 'Gruppen')] : []),
    ].join(', ')}`,
  titleOf: (kind: string, app: string) => `${kind}: ${app}`,
  assign: 'Weitergeben',
  assignOne: 'Geben',
  assigned: 'Die Aufgabe ist jetzt ihre.',
  assignee: 'Gegeben an',
  advice,
  task: 'Was geschah',
  app: 'Anwendung',
  people: 'Personen',
  concerned: 'Betrifft',
  groups: 'Gruppen',
  group: 'Gruppe',
  groupCount: (count: number) => many(count, 'Gruppe', 'Gruppen'),
  groupsRetrying: (count: number) => `${many(count, 'Gruppe wird', 'Gruppen werden')} von selbst erneut versucht`,
  peopleCount: (count: number) => many(count, 'Person', 'Personen'),
  leavers: (count: number) =>
    many(count, 'Ausgeschiedener kommt womöglich noch hinein', 'Ausgeschiedene kommen womöglich noch hinein'),
  retrying: (count: number) => `${many(count, 'Person wird', 'Personen werden')} von selbst erneut versucht`,
  kind: 'Art',
  kinds,
  status: 'Zeigen',
  statuses: { OPEN: 'Offene', IGNORED: 'Ignorierte', ALL: 'Alle' },
  anyKind: 'Alle',
  firstSeen: 'Zuerst gesehen',
  lastSeen: 'Zuletzt gesehen',
  nextAttempt: 'Nächster Versuch',
  empty: 'Nichts braucht Sie. Fehler der Bereitstellung und Handarbeit erscheinen hier.',
  emptyFiltered: 'Keine Aufgabe ist so.',
  probableCause: 'Wahrscheinliche Ursache',
  fix: 'Was zu tun ist',
  ignoredBecause: (reason: string) => `Ignoriert: ${reason}`,
  ignoredSince: 'Ignoriert seit',
  retryAll: 'Alle Fehler erneut versuchen',
  retryAllTitle: 'Jeden Fehler erneut versuchen?',
  retryAllWhat:
    'Jedes fehlgeschlagene Konto und jede fehlgeschlagene Gruppe in jeder Anwendung wird jetzt erneut versucht.',
  retry: 'Alle erneut versuchen',
  retryOne: 'Erneut versuchen',
  retryNamed: (name: string) => `${name} erneut versuchen`,
  retried: 'Sie werden jetzt erneut versucht.',
  ignore: 'Ignorieren',
  ignoreTitle: 'Diese Aufgabe ignorieren',
  ignoreWhat: 'Sie verschwindet aus der Liste, bis dieselbe Ursache jemand anderen trifft. Die Versuche gehen weiter.',
  reason: 'Grund',
  ignored: 'Ignoriert. Sie steht unter „Ignorierte“.',
  reopen: 'Wieder aufnehmen',
  reopened: 'Die Aufgabe ist wieder offen.',
  complete: 'Erledigen',
  completeAll: 'Für alle erledigen',
  completeNamed: (name: string) => `Für ${name} erledigen`,
  completeTitle: 'Was wurde von Hand getan?',
  completeWhat: (count: number) =>
    `${many(count, 'Konto gilt', 'Konten gelten')} von jetzt an als erledigt. Was Sie angeben, bleibt beim Konto.`,
  evidence: 'Was getan wurde',
  evidenceLink: 'Link zu einem Ticket (freiwillig)',
  completed: 'Erledigt.',
  person: 'Person',
  error: 'Was die Anwendung sagte',
  attempts: 'Versuche',
  since: 'Seit',
  gone: 'Gelöschte Person',
  closed: 'Diese Aufgabe hat sich geschlossen: sie betrifft niemanden mehr.',
  back: 'Alle Aufgaben',
  toApp: 'Anwendung öffnen',
};
