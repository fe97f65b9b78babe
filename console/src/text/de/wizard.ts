import { many, number } from './numbers';

export const wizard = {
  create: 'SCIM-App anlegen',
  createNamed: (name: string) =>
    name === '' ? 'Eine eigene SCIM-App anlegen' : `Eine eigene SCIM-App „${name}“ anlegen`,
  title: 'SCIM-App anlegen',
  titleOf: (label: string) => `${label} einrichten`,
  steps: 'Schritte',
  stepOf: (step: number, steps: number, name: string) => `Schritt ${step} von ${steps}: ${name}`,
  names: {
    name: 'Name und Logo',
    connection: 'Verbindung',
    capabilities: 'Was gesendet wird',
    mappings: 'Zuordnungen',
    match: 'Vorhandene Konten',
    people: 'Wer sie bekommt',
    review: 'Prüfen',
  },
  saved: 'Jeder Schritt wird gespeichert: gehen Sie, wann Sie mögen, und machen Sie später unter Anwendungen weiter.',
  back: 'Zurück',
  leave: 'Später weiter',
  discard: 'Verwerfen',
  discardTitle: 'Diese Einrichtung verwerfen?',
  discardWhat: 'Was gewählt wurde, ist vergessen, auch die Zugangsdaten. In der App wurde nichts geändert.',
  discarded: 'Die Einrichtung ist verworfen.',
  done: (label: string) => `${label} ist schon eingeschaltet.`,
  openApp: 'Anwendung öffnen',

  unfinished: 'Unfertige Einrichtungen',
  unfinishedWhat: 'An diese wird nichts gesendet, bevor sie eingeschaltet sind.',
  continueNamed: (label: string) => `Mit ${label} fortfahren`,
  nextStep: 'Nächster Schritt',
  changed: 'Geändert',
  startedBy: 'Begonnen von',
  setUp: 'Bereitstellung einrichten',

  label: 'Name der Anwendung',
  labelWhat: 'Was in Meine Apps zu sehen ist.',
  labelKept: 'Eine vorhandene Anwendung. Sie behält ihren Namen, ihre Anmeldung und ihre Personen.',
  logo: 'Logo (freiwillig)',
  logoWhat: 'PNG, JPEG, GIF oder SVG, höchstens 1 MB.',
  logoChoose: 'Ein Bild auswählen',
  logoRemove: 'Logo entfernen',

  url: 'SCIM-Basis-URL',
  urlWhat: 'Die Adresse, unter der /Users und /Groups liegen, etwa https://app.example.com/scim/v2.',
  allowWrites: 'Ein Wegwerfkonto erlauben',
  allowWritesWhat:
    'Usher legt dann ein Konto an, ändert es auf jede Weise und löscht es wieder, um zu lernen, welche Formen der Änderung gehen. Sonst wird nur gelesen.',
  test: 'Verbindung testen',
  testAgain: 'Noch einmal testen',
  testWhat: 'Was der Server von sich sagt, wird gelesen, und alles Weitere daraus vorgeschlagen.',
  testAgainWhat: 'Ein Test schlägt das Weitere neu vor: hier gewählte Zuordnungen werden ersetzt.',
  edit: 'Verbindung ändern',
  findings: 'Was der Test fand',
  score: (score: number) => `${number.format(score)} von 100`,
  foundOf: (pass: number, warn: number, fail: number, skip: number) =>
    `${number.format(pass)} Regeln gelten, ${number.format(warn)} mit Anmerkung, ${number.format(fail)} gelten nicht, ${number.format(skip)} wurden nicht geprüft.`,
  problems: (count: number) => many(count, 'Anmerkung', 'Anmerkungen'),
  outcomes: { pass: 'Gilt', warn: 'Anmerkung', fail: 'Gilt nicht', skip: 'Nicht geprüft' },
  leftBehind: 'Löschen Sie diese von Hand, Usher konnte es nicht:',
  exchanges: (count: number) => `Jede Anfrage und ihre Antwort (${number.format(count)})`,
  exchangesWhat: 'Zugangsdaten sind ausgelassen, Personen gekürzt.',
  noAnswer: 'keine Antwort',
  request: 'Anfrage',
  answer: 'Antwort',

  seen: {
    yes: 'Der Test sah es gehen.',
    no: 'Der Test sah es scheitern.',
    untried: 'Nicht geprüft: nur Lesen war erlaubt.',
  },

  mappingsWhat:
    'Vorgeschlagen aus dem, was der Server von einem Konto festhält. Daneben steht, was es für eine Person ergibt.',
  sample: 'Beispielperson',
  sampleChoose: 'Nach Name oder E-Mail suchen',
  sampleOf: (login: string) => `Für ${login}`,
  userName: 'Benutzername',
  userNameFormat: 'Format des Benutzernamens',
  userNameWhat: 'Etwa ${source.login} oder ${fn:substringBefore(source.email, "@")}.',
  why: 'Vorgeschlagen wegen',
  reasons: { scim: 'SCIM-Standard', 'same name': 'Gleicher Name', 'similar name': 'Ähnlicher Name' },
  chosen: 'Von Hand gewählt',
  left: 'bleibt, wie es in der App ist',
  missing: (login: string, names: string) =>
    `Die App verlangt ${names}, und ${login} hat keinen Wert: ein Konto könnte nicht entstehen.`,
  unmapped: (count: number) => `${many(count, 'Attribut ist', 'Attribute sind')} nicht zugeordnet`,
  addMapping: 'Ein weiteres Attribut zuordnen',
  addChoose: 'Attribut der App',
  whenEmpty: 'Wenn nichts herauskommt',
  whenEmptyChoices: { CLEAR: 'In der App leeren', LEAVE: 'Lassen, was die App hat' },
  nobodyYet: 'Noch ist niemand im Verzeichnis, also gibt es kein Beispiel.',

  matchWhat:
    'Die Konten der App werden einmal aufgelistet und mit Ihren Personen verglichen. Nichts wird verknüpft, nichts geändert.',
  compare: 'Konten vergleichen',
  compareAgain: 'Noch einmal vergleichen',
  accounts: (count: number) => many(count, 'Konto ist da', 'Konten sind da'),
  incomplete: 'Die App hat mehr Konten, als in der Zeit aufzulisten waren. Der Rest wird später einzeln nachgesehen.',
  kind: 'Zeigen',
  kinds: { all: 'Alle', exact: 'Genau', partial: 'Teilweise', ambiguous: 'Mehrdeutig', none: 'Niemand' },
  kindWhat: {
    exact: 'Eine Person hat diesen Benutzernamen. Sie wird verknüpft, wenn sie die App bekommt.',
    partial: 'Eine Person hat die E-Mail-Adresse oder den Namen, aber einen anderen Benutzernamen.',
    ambiguous: 'Mehrere Personen passen gleich gut.',
    none: 'Niemand passt. Diese Konten werden nicht angerührt.',
  },
  peopleWithout: (count: number) =>
    `${many(count, 'Person hat', 'Personen haben')} kein genau passendes Konto: eines würde angelegt, wenn sie die App bekommen.`,
  account: 'Konto',
  state: 'In der App',
  active: 'Aktiv',
  inactive: 'Inaktiv',
  unknown: 'nicht gesagt',
  match: 'Abgleich',
  whose: 'Wessen es sein könnte',
  noAccounts: 'Die App hat noch keine Konten.',
  noneOfKind: 'Kein Konto passt auf diese Weise.',

  peopleWhat:
    'Sie bekommen die Anwendung, wenn sie eingeschaltet wird, nicht vorher. Sie können dies leer lassen und später zuweisen.',
  addPeople: 'Personen hinzufügen',
  addGroups: 'Gruppen hinzufügen',
  chosenPeople: 'Personen',
  chosenGroups: 'Gruppen',
  nobody: 'Noch ist niemand gewählt.',

  reviewWhat:
    'Bis hierher wurde in der App nur gelesen. Von dem Augenblick an, in dem Sie sie einschalten, schreibt Usher in sie.',
  facts: {
    address: 'Adresse',
    send: 'Was gesendet wird',
    attributes: 'Zugeordnete Attribute',
    accounts: 'Vorhandene Konten',
    people: 'Wer sie bekommt',
  },
  sendNothing: 'Nichts: alle drei sind aus.',
  counts: (exact: number, partial: number, ambiguous: number, none: number) =>
    `${number.format(exact)} genau, ${number.format(partial)} teilweise, ${number.format(ambiguous)} mehrdeutig, ${number.format(none)} von niemandem`,
  recipients: (people: number, groups: number) =>
    people + groups === 0
      ? 'Noch niemand'
      : `${many(people, 'Person', 'Personen')} und ${many(groups, 'Gruppe', 'Gruppen')}`,
  turnOn: 'Einschalten',
  turnedOn: (label: string) => `${label} ist eingeschaltet.`,
};
