import { many } from './numbers';

export const assignments = {
  many: 'Viele zuweisen',
  manyTitle: (label: string) => `Viele Personen und ${label}`,
  action: 'Was zu tun ist',
  actions: {
    assign: {
      label: 'Einzeln zuweisen',
      what: 'Sie bekommen die Anwendung, gleich in welchen Gruppen sie sind.',
    },
    unassign: { label: 'Zuweisung aufheben', what: 'Sie verlieren sie, wenn nicht eine Gruppe sie ihnen gibt.' },
    override: {
      label: 'Zu Einzelnen machen',
      what: 'Wer sie durch eine Gruppe hat, behält sie mit den Werten, die die Gruppe jetzt gibt.',
    },
    return_to_groups: {
      label: 'An Gruppen zurückgeben',
      what: 'Wer sie einzeln hat und in einer Gruppe ist, die sie hat, bekommt die Werte wieder von der Gruppe.',
    },
  },
  by: 'Wem',
  ways: { list: 'Eine Liste', file: 'Eine CSV-Datei' },
  list: 'Benutzernamen oder IDs, je Zeile eine',
  named: (count: number) => `${many(count, 'Person ist', 'Personen sind')} genannt.`,
  file: 'CSV-Datei mit einer Spalte login oder id',
  choose: 'Datei auswählen',
  start: (count: number) => `Für ${many(count, 'Person', 'Personen')} beginnen`,
  startFile: 'Beginnen',
  previewMost: (count: number) => `Eine Vorschau gibt es für bis zu ${many(count, 'Person', 'Personen')}.`,
  makeIndividual: 'Zu Einzelnen machen',
  toGroups: 'An Gruppen zurückgeben',
  converted: 'Geändert.',
  up: 'Nach oben',
  down: 'Nach unten',
  moved: 'Die Reihenfolge ist geändert. Alle, die die Anwendung haben, werden neu betrachtet.',
  values: 'Werte',
  valuesOf: (name: string, app: string) => `Werte von ${name} in ${app}`,
  valuesSaved: 'Die Werte sind gespeichert.',
  valuesByGroup:
    'Was Sie hier ändern, geht Gruppen und Zuordnungen vor und macht daraus eine einzelne Zuweisung. „An Gruppen zurückgeben“ nimmt alles zurück.',
  valuesIndividual: 'Was Sie hier ändern, geht Gruppen und Zuordnungen vor. Ein leeres Feld überlässt den Wert ihnen.',
  valuesGroup:
    'Alle, die die Anwendung durch diese Gruppe haben, bekommen diese Werte, wenn nicht eine Gruppe mit kleinerer Zahl einen anderen gibt.',
  valuesNone:
    'Jedes Attribut dieser Anwendung ist zugeordnet oder persönlich; eine Gruppe hat daher keine Werte zu geben.',
  userName: 'Benutzername',
  priorityWhat: 'Die kleinste Zahl gewinnt. Eine Gruppe, die die Zahl schon hat, macht Platz.',
  sources: {
    assignment: 'Dieser Person gegeben.',
    group: 'Aus einer Gruppe.',
    mapping: 'Aus der Zuordnung.',
    user_name_template: 'Aus dem Format der Benutzernamen.',
    none: 'Nicht gegeben.',
  },
};
