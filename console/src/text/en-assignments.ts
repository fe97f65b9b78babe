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
  values: 'Values',
  valuesOf: (name: string, app: string) => `Values of ${name} in ${app}`,
  valuesSaved: 'The values are saved.',
  valuesByGroup:
    'What you change here wins over groups and mappings, and makes this an individual assignment. “Give back to groups” takes all of it back.',
  valuesIndividual: 'What you change here wins over groups and mappings. An empty field leaves the value to them.',
  valuesGroup:
    'Everybody who has the application by this group gets these values, except where a group with a lower number gives another.',
  valuesNone: 'Every attribute of this application is mapped or personal, so a group has no values to give.',
  userName: 'User name',
  priorityWhat: 'The lowest number wins. A group that has the number already makes room.',
  sources: {
    assignment: 'Given to this person.',
    group: 'From a group.',
    mapping: 'From the mapping.',
    user_name_template: 'From the user name format.',
    none: 'Not given.',
  },
};
