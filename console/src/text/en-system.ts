export const system = {
  title: 'System',
  program: 'Program',
  version: 'Version',
  node: 'Node.js',
  started: 'Running since',
  organization: 'Organization',
  catalog: 'Integrations in the catalog',
  workers: 'Apps worked on at once',
  database: 'Database',
  kind: 'Kind',
  kinds: { pglite: 'Embedded (PGlite)', postgres: 'PostgreSQL server' },
  durability: 'Durability',
  durabilities: {
    pglite:
      'Embedded, for one process. It survives a crash of Usher, but nothing is promised when the machine loses power. Use PostgreSQL (DATABASE_URL) in production.',
    postgres: 'As the PostgreSQL server’s settings promise.',
  },
  schema: 'Schema version',
  schemaOf: (now: number, newest: number) => (now === newest ? `${now}, the newest` : `${now} of ${newest}`),
  folder: 'Data folder',
  network: 'Networks apps may be in',
  networkOnly: 'The public internet only.',
  networkWhy:
    'Connections to other networks are refused. USHER_EGRESS_ALLOW opens some when Usher is started; it cannot be changed here.',
};
