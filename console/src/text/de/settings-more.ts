import { many, number } from './numbers';

export const keys = {
  what: 'Zugangsdaten von Anwendungen und andere Geheimnisse werden mit einem Schlüssel der Datenbank verschlüsselt, den wiederum der Hauptschlüssel verschlüsselt.',
  rotate: 'Wechseln',
  rotateTitle: 'Den Schlüssel wechseln?',
  rotateWhat:
    'Ab jetzt wird ein neuer Schlüssel verwendet. Was der jetzige verschlüsselt, wird im Hintergrund neu verschlüsselt; danach wird der jetzige gelöscht. Nichts steht dabei still, und Anwendungen merken nichts.',
  begun: 'Der Wechsel hat begonnen.',
  rotation: 'Wechsel im Gang',
  progress: (done: number, total: number) =>
    `${number.format(done)} von ${many(total, 'Geheimnis', 'Geheimnissen')} neu verschlüsselt`,
  list: 'Schlüssel',
  id: 'Schlüssel',
  state: 'Zustand',
  states: { ACTIVE: 'In Gebrauch', RETIRING: 'Wird ersetzt', RETIRED: 'Aufbewahrt' },
  secrets: 'Geheimnisse',
  created: 'Erstellt',
  masterTitle: 'Hauptschlüssel',
  masterId: 'Fingerabdruck',
  direct: 'Geheimnisse, die er selbst verschlüsselt',
  directCount: (count: number) => (count === 0 ? 'keine' : `${number.format(count)}: Der nächste Wechsel ändert das`),
  unreadable: 'Geheimnisse, die kein Schlüssel öffnet',
  unreadableCount: (count: number) =>
    count === 0 ? 'keine' : `${number.format(count)}: Geben Sie diese Zugangsdaten neu ein`,
  masterHow:
    'Er steht in USHER_KEY oder in der Datei usher.key, nie in der Datenbank. Um ihn zu ersetzen, starten Sie Usher mit dem neuen als USHER_KEY und dem bisherigen als USHER_KEY_PREVIOUS.',
};

export const egress = {
  what: 'Wohin Usher Verbindungen aufbauen darf: zu Anwendungen, zu Identitätsanbietern und zu allem, wofür sonst eine Adresse eingegeben wird.',
  rules: 'Was erreichbar ist',
  where: 'Wo',
  open: 'Erlaubt, und warum',
  yes: 'Ja',
  no: 'Nein',
  internet: 'Das öffentliche Internet',
  internetWhy: 'Immer.',
  openedWhy: 'Steht in USHER_EGRESS_ALLOW.',
  inside: 'Andere Netze',
  insideWhy:
    'Private Netze, dieser Rechner und Link-Local-Adressen, unter denen Clouds ihre Metadaten haben: Wer eine Adresse eingibt, könnte sonst erreichen, was nur Usher erreicht. Jedes muss erlaubt werden.',
  self: 'Usher selbst',
  selfWhy: 'Nie: Usher riefe sich selbst auf.',
  how: 'So wird es geändert',
  howWhat:
    'Starten Sie Usher mit den Netzen in USHER_EGRESS_ALLOW, durch Kommas getrennt. Hier lässt es sich nicht ändern, damit kein Browser ein Netz öffnet. Dies erlaubt, als Beispiel, ein weiteres:',
  setting: 'Einstellung',
  question: 'Darf Usher diese Adresse erreichen?',
  address: 'Adresse',
  addressWhat: 'https://wiki.example.com oder eine IP-Adresse',
  ask: 'Prüfen',
  answer: 'Ob es erlaubt ist',
  verdict: (allowed: boolean, host: string, port: number) =>
    allowed
      ? `Usher darf sich mit ${host}, Port ${port}, verbinden.`
      : `Usher darf sich nicht mit ${host}, Port ${port}, verbinden.`,
  unknownName: (host: string) => `Usher findet ${host} nicht: Der Name ist dort, wo es läuft, nicht bekannt.`,
  reasons: {
    public: 'im öffentlichen Internet.',
    opened: 'erlaubt durch',
    ownListener: 'wo Usher selbst lauscht; das ist nie erlaubt.',
    notAnAddress: 'keine IP-Adresse.',
    reserved: 'in einem reservierten Bereich.',
    private: 'in einem privaten Netz, das nicht erlaubt ist.',
    uniqueLocal: 'in einem privaten Netz, das nicht erlaubt ist.',
    carrierGradeNat: 'in einem geteilten Netz eines Anbieters, das nicht erlaubt ist.',
    loopback: 'der Rechner, auf dem Usher läuft; er ist nicht erlaubt.',
    linkLocal: 'eine Link-Local-Adresse, unter der Clouds ihre Metadaten haben; sie ist nicht erlaubt.',
    unspecified: 'die unbestimmte Adresse.',
    multicast: 'eine Multicast-Adresse.',
    broadcast: 'die Broadcast-Adresse.',
  },
};

export const appearance = {
  what: 'Wie die Konsole in diesem Browser aussieht und spricht. Sonst sieht niemand einen Unterschied.',
  theme: 'Farbschema',
  languageWhat: 'Die Seite wird neu geladen.',
  shortcuts: 'Kurzbefehle mit einer Taste',
  shortcutsWhat:
    '„/“ für die Suche, „g“ und ein Buchstabe für eine Seite, „?“ für ihre Liste. Strg K öffnet die Suche in jedem Fall.',
};
