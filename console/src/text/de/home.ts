import { many, number } from './numbers';

export const home = {
  title: (name: string) => `Hallo, ${name}`,
  chooseSection: 'Wählen Sie einen Bereich.',
  health: 'Anwendungen',
  allApps: 'Alle Anwendungen',
  noApps: 'Noch keine Anwendung. Fügen Sie eine hinzu, verbinden Sie sie und geben Sie sie Personen.',
  accounts: (count: number) => `${many(count, 'Person hat', 'Personen haben')} sie`,
  failed: (count: number) => `${number.format(count)} fehlgeschlagen`,
  waiting: (count: number) => `${number.format(count)} in Arbeit`,
  recent: 'Was zuletzt geschah',
  allEvents: 'Systemprotokoll',
  operations: 'Bereitstellung nach Ergebnis',
  operationsOf: (count: number) => `${many(count, 'Vorgang', 'Vorgänge')} im Zeitverlauf, nach Ergebnis`,
  noOperations: 'In dieser Zeit wurde nichts bereitgestellt.',
  setUp: 'Usher einrichten',
  setUpWhat: 'Von nichts zum ersten Konto. Diese Liste verschwindet, wenn alles getan ist.',
  setUpDone: (done: number, all: number) => `${number.format(done)} von ${number.format(all)} erledigt`,
  stepDone: 'Erledigt',
  stepOpen: 'Zu tun',
  steps: {
    added: { name: 'Eine Anwendung hinzufügen', action: 'App-Katalog öffnen' },
    connected: { name: 'Sie verbinden', action: 'Verbinden' },
    mapped: { name: 'Anlegen von Konten einschalten und die Zuordnungen prüfen', action: 'Zuordnungen' },
    assigned: { name: 'Personen oder Gruppen zuweisen', action: 'Zuweisen' },
    provisioned: { name: 'Das erste Konto sehen', action: 'Anwendung ansehen' },
  },
};
