import { many } from './plurals';

/** Assignments of an app, many at once and how somebody has it. */
export const assignments = {
  many: 'Assign many',
  manyTitle: (label: string) => `Many people and ${label}`,
  action: 'What to do',
  actions: {
    assign: { label: 'Assign individually', what: 'They get the application, whatever groups they are in.' },
    unassign: { label: 'Unassign', what: 'They lose it, unless a group gives it to them.' },
    override: {
      label: 'Make individual',
      what: 'Who has it by a group keeps it, with the values the group gives now.',
    },
    return_to_groups: {
      label: 'Give back to groups',
      what: 'Who has it individually, and is in a group that has it, gets their values from the group again.',
    },
  },
  by: 'Whom',
  ways: { list: 'A list', file: 'A CSV file' },
  list: 'Usernames or ids, one per line',
  named: (count: number) => `${many(count, 'person is', 'people are')} named.`,
  file: 'CSV file with a column login or id',
  choose: 'Choose a file',
  start: (count: number) => `Begin for ${many(count, 'person', 'people')}`,
  startFile: 'Begin',
  previewMost: (count: number) => `A preview is there for up to ${many(count, 'person', 'people')}.`,
  makeIndividual: 'Make individual',
  toGroups: 'Give back to groups',
  converted: 'Changed.',
  up: 'Up',
  down: 'Down',
  moved: 'The order is changed. Everybody who has the application is looked at again.',
};
