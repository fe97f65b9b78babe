/** A second instance of an app on the same accounts. */
export const appDuplicate = {
  title: 'Eine zweite Instanz',
  what: 'Legt eine weitere Instanz dieser Anwendung auf denselben Konten an, die neben derjenigen für die Anmeldung Konten bereitstellt. Einstellungen, Attribute und Zuordnungen werden kopiert; diese hier bleibt, wie sie ist. Die Zugangsdaten müssen neu eingegeben werden, und gesendet wird nichts, bevor die Bereitstellung dort eingeschaltet ist.',
  open: 'Duplizieren',
  dialog: (label: string) => `${label} duplizieren`,
  label: 'Bezeichnung des Duplikats',
  proposal: (label: string) => `${label} (Bereitstellung)`,
  links: 'Bereits verknüpfte Konten',
  choices: {
    MATCH: {
      label: 'Neu abgleichen',
      what: 'Das Duplikat findet dieselben Konten und verknüpft sie, sobald es bereitstellt.',
    },
    STAY: { label: 'Hier lassen', what: 'Das Duplikat fragt, bevor es ein vorhandenes Konto nimmt.' },
    MOVE: {
      label: 'Umziehen',
      what: 'Die Verknüpfungen gehen an das Duplikat. Schalten Sie zuerst die Verbindung hier ab.',
    },
  },
  secret: 'Clientgeheimnis des Duplikats',
  secretOnce:
    'Personen melden sich beim Duplikat über einen eigenen Client an. Kopieren Sie jetzt dessen Geheimnis und bewahren Sie es dort auf, wo Geheimnisse aufbewahrt werden: Es wird nur dieses eine Mal gezeigt.',
  visible: 'In Meine Apps zeigen',
  previewWhat: 'Die Vorschau zeigt zuerst als Plan, was aus jedem Konto wird, und legt nichts an.',
  make: 'Duplikat anlegen',
  made: (label: string) => `${label} ist angelegt. Geben Sie als Nächstes die Zugangsdaten ein.`,
};

export const charts = {
  asTable: 'Als Tabelle',
  asChart: 'Als Diagramm',
  tableOf: (title: string) => `Als Tabelle: ${title}`,
  chartOf: (title: string) => `Als Diagramm: ${title}`,
  from: 'Ab',
  nothing: 'Nichts in dieser Zeit.',
};

export const live = {
  lost: 'Die Verbindung ist unterbrochen; was Sie sehen, kann veraltet sein. Ihre Eingaben bleiben erhalten. Neuer Versuch …',
};

export const system = {
  title: 'System',
  program: 'Programm',
  version: 'Version',
  node: 'Node.js',
  started: 'Läuft seit',
  organization: 'Organisation',
  catalog: 'Integrationen im Katalog',
  workers: 'Apps in Arbeit zugleich',
  database: 'Datenbank',
  kind: 'Art',
  kinds: { pglite: 'Eingebettet (PGlite)', postgres: 'PostgreSQL-Server' },
  durability: 'Dauerhaftigkeit',
  durabilities: {
    pglite:
      'Eingebettet, für einen Prozess. Sie übersteht einen Absturz von Usher; für einen Stromausfall ist nichts versprochen. Nehmen Sie im Betrieb PostgreSQL (DATABASE_URL).',
    postgres: 'Wie es die Einstellungen des PostgreSQL-Servers versprechen.',
  },
  schema: 'Schemaversion',
  schemaOf: (now: number, newest: number) => (now === newest ? `${now}, die neueste` : `${now} von ${newest}`),
  folder: 'Datenordner',
  network: 'Netze, in denen Apps sein dürfen',
  networkOnly: 'Nur das öffentliche Internet.',
  networkWhy:
    'Verbindungen in andere Netze werden abgelehnt. USHER_EGRESS_ALLOW öffnet welche, wenn Usher gestartet wird; hier lässt sich das nicht ändern.',
};
