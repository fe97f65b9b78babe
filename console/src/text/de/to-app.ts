export const toApp = {
  previewOn: 'Vorschau: einschalten, was aus ist',
  saveOf: (section: string) => `${section}: speichern`,
  previewOf: (section: string) => `${section}: Vorschau`,
  saved: 'Gespeichert.',
  cannot: 'Die Anwendung kann das nicht.',
  accounts: 'Konten',
  reactivate: {
    label: 'Bei Rückkehr reaktivieren',
    what: 'Wer zurückkommt, bekommt dasselbe Konto wieder eingeschaltet. Aus: das Konto bleibt aus, bis es jemand in der App einschaltet.',
  },
  pushPending: {
    label: 'Auch Personen, die noch nicht aktiviert sind',
    what: 'Konten entstehen vor dem ersten Tag. Aus: ein Konto entsteht, wenn seine Person aktiviert wird.',
  },
  excludeUserNameUpdates: {
    label: 'Konten nie umbenennen',
    what: 'Ein geänderter Benutzername wird beim Ändern ausgelassen. Neue Konten bekommen ihn trotzdem.',
  },
  password: {
    label: 'Passwort der Konten',
    what: 'Welches Passwort ein Konto bekommt. Das eigene der Person ist bekannt, wenn sie sich anmeldet oder es ändert.',
    choices: {
      OFF: 'Keines',
      RANDOM_KEEP_EXISTING: 'Zufällig, nur für neue Konten',
      RANDOM_CHANGE: 'Zufällig, und ein anderes bei jeder Änderung ihres eigenen',
      OKTA_CHANGE: 'Das der Person, stets dasselbe',
      OKTA_KEEP_EXISTING: 'Das der Person, nur für neue Konten',
    },
  },
  leaving: 'Wenn Personen die Anwendung verlieren',
  deprovision: {
    label: 'Was aus dem Konto wird',
    what: 'Für alle, die die Anwendung verlieren oder aus der Firma ausscheiden.',
    choices: {
      NOTHING: 'Nichts: es bleibt, wie es ist',
      TASK: 'Eine Aufgabe für eine Person',
      DEACTIVATE: 'Deaktivieren',
      REMOVE_ENTITLEMENTS: 'Seine Berechtigungen nehmen',
      DELETE: 'Deaktivieren, dann löschen',
    },
  },
  deleteAfterDays: {
    label: 'Tage bis zum Löschen',
    what: '0 löscht sofort. Wer rechtzeitig zurückkommt, behält sein Konto.',
  },
  uniqueAttribute: {
    label: 'Ein vorhandenes Konto wird erkannt an',
    what: 'Woran sich zeigt, dass ein Konto der Anwendung dieser Person gehört. Zwei Konten mit demselben bleiben Ihnen überlassen.',
    choices: { userName: 'Benutzername, dann E-Mail-Adresse', externalId: 'Schlüssel von Usher, sonst nichts' },
  },
  entitlements: {
    label: 'Berechtigungen',
    what: 'Zu leerende Attribute, mit Kommas. Leer: diejenigen, in denen dem Namen nach Rollen, Gruppen, Lizenzen und Ähnliches stehen.',
  },
  confirmDeletions: {
    label: 'Anzahl der Konten, die jetzt gelöscht werden',
    what: 'Geben Sie die oben genannte Zahl ein, um zu sagen, dass Sie es so meinen. Eine Vorschau zeigt, welche es sind.',
  },
  suspended: {
    label: 'Solange jemand gesperrt ist',
    what: 'Eine Sperre geht vorüber: das Konto kommt mit seiner Person zurück.',
    choices: { LEAVE: 'Das Konto lassen, wie es ist', DEACTIVATE: 'Das Konto deaktivieren' },
  },
  advanced: 'Erweitert',
  advancedWhat:
    'Diese passen den meisten Anwendungen. Senken Sie das Tempo, wenn die Anwendung über zu viele Anfragen klagt.',
  updateVerb: {
    label: 'Wie Änderungen gesendet werden',
    what: 'Automatisch versucht, was die Anwendung zu verstehen angibt, und merkt sich, was ging.',
    choices: { AUTOMATIC: 'Automatisch', PATCH: 'PATCH: nur, was abweicht', PUT: 'PUT: das ganze Konto' },
  },
  concurrencyMax: { label: 'Anfragen zugleich', what: 'Höchstens so viele sind unterwegs, 1 bis 256.' },
  requestsPerMinute: {
    label: 'Anfragen je Minute',
    what: 'Im Mittel. Leer: so schnell, wie die Anwendung sie nimmt.',
  },
  timeoutSeconds: {
    label: 'Zeitgrenze in Sekunden',
    what: 'Für eine Anfrage, 1 bis 300. Dauerte ein Schreiben länger, wird nachgesehen.',
  },
  pageSize: { label: 'Konten je Seite', what: 'So viele werden beim Auflisten zugleich erfragt, 1 bis 1.000.' },
  manual: {
    label: 'Menschen legen die Konten an und nehmen sie weg',
    what: 'Gesendet wird nichts. Aufgaben sagen, welches Konto anzulegen oder wegzunehmen ist, und warten, bis es jemand getan hat.',
  },
  manualTitle: 'Von Hand geführte Konten',
};
