export const charts = {
  asTable: 'View as table',
  asChart: 'View as chart',
  tableOf: (title: string) => `View as table: ${title}`,
  chartOf: (title: string) => `View as chart: ${title}`,
  from: 'From',
  nothing: 'Nothing in this time.',
};
