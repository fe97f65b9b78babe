/** Was hinter einem Fehler steckt und was zu tun ist, nach seinem Code. */
export const advice: Readonly<Record<string, { readonly cause: string; readonly fix: string }>> = {
  manual: {
    cause: '',
    fix: 'Tun Sie es in der App von Hand, schließen Sie dann die Aufgabe ab und sagen Sie, was getan wurde.',
  },
  invalid_input: {
    cause: 'Ein Wert für das Konto ist keiner, den die App nimmt: eine Zuordnung, ein Wert der Gruppe oder das Profil.',
    fix: 'Lesen Sie, welches Attribut es ist, sehen Sie sich die Zuordnungen für eine dieser Personen an und berichtigen Sie sie; es wird erneut versucht.',
  },
  invalid_expression: {
    cause: 'Eine Zuordnung oder die Vorlage des Benutzernamens ist kein Ausdruck.',
    fix: 'Berichtigen Sie sie unter Zuordnungen; dort wird sie vor dem Speichern geprüft.',
  },
  evaluation_failed: {
    cause: 'Eine Zuordnung lässt sich für diese Personen nicht ausrechnen, meist weil ein Attribut leer ist.',
    fix: 'Sehen Sie sich die Zuordnungen für eine von ihnen an; füllen Sie das Attribut, oder lassen Sie den Ausdruck ein leeres zu.',
  },
  not_found: {
    cause: 'Diese Personen haben kein Konto in der App, und das Anlegen ist ausgeschaltet.',
    fix: 'Legen Sie die Konten in der App an, oder schalten Sie das Anlegen ein, und versuchen Sie es erneut.',
  },
  conflict: {
    cause: 'Zwei Personen hier beanspruchen ein Konto in der App.',
    fix: 'Finden Sie heraus, wessen es ist, und geben Sie der anderen einen anderen Benutzernamen.',
  },
  wrong_state: {
    cause: 'Die App oder ihre Verbindung ist nicht zu Ende eingerichtet.',
    fix: 'Öffnen Sie die Verbindung der App, vervollständigen und testen Sie sie, und versuchen Sie es erneut.',
  },
  unsupported: {
    cause: 'Die App kann nicht, was von ihr verlangt wird.',
    fix: 'Schalten Sie es unter Zur App aus, oder wählen Sie, was sonst mit dem Konto geschieht; tun Sie es bis dahin von Hand.',
  },
  app_unreachable: {
    cause: 'Die App ist nicht erreichbar, ihre Adresse hat sich geändert, oder eine Firewall steht dazwischen.',
    fix: 'Testen Sie die Verbindung. Nichts geht verloren: alles wird erneut versucht, wenn die App antwortet.',
  },
  app_timeout: {
    cause: 'Die App ist langsam oder überlastet.',
    fix: 'Sehen Sie auf die Statusseite der App; eine längere Wartezeit oder weniger Anfragen zugleich können helfen.',
  },
  app_rate_limited: {
    cause: 'Mehr Anfragen, als die App erlaubt, vielleicht zusammen mit anderen Programmen.',
    fix: 'Nichts: Usher wird langsamer und macht weiter. Stellen Sie das Tempo der App ein, wenn es täglich geschieht.',
  },
  app_failed: {
    cause: 'Ein Fehler in der App.',
    fix: 'Die Versuche gehen weiter. Enden alle so, geben Sie dem Support der App den Satz oben.',
  },
  app_rejected: {
    cause:
      'Die App nimmt diese Werte nicht: eine Lizenz fehlt, ein Wert ist ihr unbekannt, oder sie hat eine eigene Regel.',
    fix: 'Lesen Sie, was die App sagt, ändern Sie es dort oder in den Zuordnungen, und versuchen Sie es erneut.',
  },
  app_password_refused: {
    cause: 'Die App hat strengere Regeln für Passwörter: die dieser Personen sind ihr zu kurz oder zu einfach.',
    fix: 'Lassen Sie sie sich neu anmelden oder ein anderes Passwort wählen: es wird dann neu gesendet. Oder gleichen Sie die Regeln an.',
  },
  app_credentials_refused: {
    cause: 'Die Zugangsdaten sind abgelaufen, entzogen, oder gehören jemandem, der das nicht mehr darf.',
    fix: 'Machen Sie in der App neue und geben Sie sie unter Verbindung ein; alles Wartende geht von selbst weiter.',
  },
  app_account_exists: {
    cause: 'Die App hat schon ein Konto mit diesem Benutzernamen, das niemand verknüpft hat.',
    fix: 'Verknüpfen Sie es, oder lassen Sie vorhandene Konten unter Zur App verknüpfen; sonst ändern Sie den Benutzernamen.',
  },
  app_account_gone: {
    cause: 'Jemand hat das Konto in der App gelöscht.',
    fix: 'Versuchen Sie es erneut: Usher sucht es und legt es wieder an, wo die Person eines haben soll.',
  },
  app_bad_answer: {
    cause:
      'Was antwortet, ist nicht die Schnittstelle der App: eine Anmeldeseite, ein Proxy oder eine falsche Adresse.',
    fix: 'Testen Sie die Verbindung und vergleichen Sie ihre Adresse mit der Dokumentation der App.',
  },
  app_ignored_write: {
    cause: 'Die App sagt ja und tut es nicht; oft hat ihr Betreiber den Zugangsdaten das Recht genommen.',
    fix: 'Tun Sie es in der App von Hand und sagen Sie es ihrem Betreiber; Usher prüft weiter.',
  },
  app_ambiguous: {
    cause: 'Mehrere Konten in der App passen gleich gut zu der Person.',
    fix: 'Entfernen Sie die, die nicht ihre sind, oder benennen Sie sie um, und versuchen Sie es erneut.',
  },
  app_address_refused: {
    cause: 'Die Adresse der App führt in ein Netz, das Usher nicht betreten darf.',
    fix: 'Berichtigen Sie die Adresse, oder lassen Sie den Betreiber von Usher das Netz erlauben.',
  },
  secret_unreadable: {
    cause: 'Die Zugangsdaten sind mit einem anderen Schlüssel versiegelt als dem, mit dem Usher läuft.',
    fix: 'Starten Sie Usher mit dem früheren Schlüssel, oder geben Sie die Zugangsdaten noch einmal ein.',
  },
};
