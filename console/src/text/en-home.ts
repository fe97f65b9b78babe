import { many, number } from './plurals';

/** Texts of the first page of the admin console. */
export const home = {
  title: (name: string) => `Hello, ${name}`,
  chooseSection: 'Choose a section to begin.',
  health: 'Applications',
  allApps: 'All applications',
  noApps: 'No application yet. Add one, connect it, and give it to people.',
  accounts: (count: number) => `${many(count, 'person has', 'people have')} it`,
  failed: (count: number) => `${number.format(count)} failed`,
  waiting: (count: number) => `${number.format(count)} in work`,
  recent: 'What happened last',
  allEvents: 'System Log',
  operations: 'Provisioning by result',
  operationsOf: (count: number) => `${many(count, 'operation', 'operations')} over time, by result`,
  noOperations: 'Nothing was provisioned in this time.',
  setUp: 'Set up Usher',
  setUpWhat: 'From nothing to the first account. This list goes when it is done.',
  setUpDone: (done: number, all: number) => `${number.format(done)} of ${number.format(all)} done`,
  stepDone: 'Done',
  stepOpen: 'To do',
  steps: {
    added: { name: 'Add an application', action: 'Browse app catalog' },
    connected: { name: 'Connect it', action: 'Connect' },
    mapped: { name: 'Switch on creating accounts, and check the mappings', action: 'Mappings' },
    assigned: { name: 'Assign people or groups', action: 'Assign' },
    provisioned: { name: 'See the first account', action: 'Look at the application' },
  },
};
