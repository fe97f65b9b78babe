import { many, number } from './numbers';

type Names = Readonly<Record<string, string>>;

const statuses: Names = {
  COMPUTING: 'Wird berechnet',
  READY: 'Bereit',
  APPLIED: 'Angewendet',
  DISCARDED: 'Verworfen',
  FAILED: 'Nicht zu berechnen',
};

const kinds: Names = {
  create: 'Anlegen',
  link: 'Verknüpfen',
  update: 'Ändern',
  reactivate: 'Reaktivieren',
  deactivate: 'Deaktivieren',
  remove_entitlements: 'Berechtigungen nehmen',
  remove: 'Löschen',
  match: 'Wird wiedergefunden',
  stay: 'Bleibt hier',
  move: 'Zieht um',
  task: 'Aufgabe für eine Person',
  none: 'Keine Änderung',
  error: 'Würde fehlschlagen',
};

const reasons: Names = {
  no_account: 'Sie haben kein Konto in der Anwendung.',
  assignment_copied: 'Sie haben kein Konto; auch das Duplikat bekommt die Zuweisung.',
  match: 'Es bleibt hier verknüpft, und das Duplikat findet und verknüpft es, sobald es bereitstellt.',
  stay: 'Es bleibt hier verknüpft, und das Duplikat fragt, bevor es das Konto nimmt.',
  move: 'Verknüpfung und Zuweisung gehen an das Duplikat; hier bleibt die Zuweisung ohne Konto.',
  in_sync: 'Das Konto ist, wie es sein soll.',
  not_assigned: 'Sie haben die Anwendung nicht.',
  not_activated: 'Sie sind noch nicht aktiviert.',
  provisioning_off: 'Die Bereitstellung ist aus.',
  create_off: 'Das Anlegen von Konten ist aus.',
  update_off: 'Das Ändern von Konten ist aus.',
  deactivate_off: 'Das Deaktivieren von Konten ist aus.',
  assigned_before_provisioning: 'Sie hatten die Anwendung, bevor die Bereitstellung an war.',
  app_cannot_update: 'Die Anwendung kann Konten nicht ändern.',
  app_cannot_deactivate: 'Die Anwendung kann Konten nicht deaktivieren.',
  app_cannot_remove: 'Die Anwendung kann Konten nicht löschen.',
  suspended: 'Sie sind gesperrt.',
  removal_scheduled: 'Das Konto ist aus und wird später gelöscht.',
  entitlements_removed: 'Die Berechtigungen sind schon genommen.',
  link_existing: 'Ein Konto dieses Namens ist da, und die Anwendung soll vor dem Verknüpfen fragen.',
  no_match: 'Kein Konto passt sicher: eine Person entscheidet.',
  linked_to_other: 'Das Konto gehört hier jemand anderem.',
  owned_by_other_app: 'Eine andere Instanz der Anwendung schreibt dieses Konto.',
  PROVISION: 'Eine Person legt das Konto an.',
  DEPROVISION: 'Eine Person nimmt das Konto weg.',
};

function duration(seconds: number): string {
  if (seconds < 1) return 'weniger als eine Sekunde';
  if (seconds < 90) return `etwa ${many(Math.ceil(seconds), 'Sekunde', 'Sekunden')}`;
  if (seconds < 5_400) return `etwa ${many(Math.ceil(seconds / 60), 'Minute', 'Minuten')}`;
  return `etwa ${many(Math.ceil(seconds / 3_600), 'Stunde', 'Stunden')}`;
}

export const plans = {
  title: 'Pläne',
  what: 'Eine Änderung, die man ansieht, bevor sie geschieht. Ein Plan sendet nichts an eine Anwendung, bis ihn jemand anwendet.',
  empty:
    'Noch keine Pläne. Eine Vorschau gibt es neben jeder Änderung, die viele Konten betrifft: Zuordnungen, Einstellungen der Bereitstellung, eine Anwendung für eine Gruppe.',
  emptyFiltered: 'Kein Plan ist in diesem Zustand.',
  plan: 'Änderung',
  app: 'Anwendung',
  status: 'Zustand',
  anyStatus: 'Jeder Zustand',
  statuses,
  kinds,
  reasons,
  accounts: 'Konten',
  by: 'Erstellt von',
  made: 'Erstellt',
  decided: 'Entschieden',

  preview: 'Vorschau',

  apply: 'Genau dies anwenden',
  applied: 'Angewendet. Die Konten werden geändert.',
  duplicated: 'Das Duplikat ist angelegt. Geben Sie als Nächstes die Zugangsdaten ein.',
  duplicate: 'Angelegtes Duplikat',
  discard: 'Verwerfen',
  discarded: 'Der Plan ist verworfen.',
  again: 'Plan neu erstellen',
  computing: 'Was er an jedem Konto täte, wird berechnet. Gesendet wird nichts.',
  failed: 'Was die Änderung täte, ließ sich nicht berechnen:',
  appliedNote: 'Diese Änderung ist vorgenommen. Wie weit die Konten sind, steht auf der Seite der Anwendung.',
  discardedNote: 'Dieser Plan wurde verworfen. Nichts davon wurde getan.',

  summary: 'Was er täte',
  cost: 'Was es kostet',
  costIs: (requests: number, seconds: number) =>
    requests === 0 ? 'Keine Anfragen' : `${many(requests, 'Anfrage', 'Anfragen')}, ${duration(seconds)}`,
  show: 'Nur zeigen',
  all: 'Alle Konten',
  count: (count: number) => number.format(count),

  entries: 'Konten, um die es geht',
  person: 'Person',
  action: 'Was',
  changes: 'Was sich ändert',
  attributeFilter: 'Attribut, das sich ändert',
  noEntries: 'Die Änderung betrifft niemanden.',
  noneFound: 'Kein Konto des Plans ist so.',
  attributes: (count: number) => many(count, 'Attribut', 'Attribute'),
  changesOf: (name: string) => `Was sich für ${name} ändert`,
  diff: { attribute: 'Attribut', now: 'Jetzt', after: 'Dann', how: 'Wie' },
  how: { added: 'Neu', changed: 'Geändert', removed: 'Entfernt' },
  secret: '•••• (geheim)',
  noValue: '–',
  yes: 'ja',
  no: 'nein',
};
