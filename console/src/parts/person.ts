/** The name to show of somebody. */
export function nameOf(profile: Readonly<Record<string, unknown>>): string {
  const text = (name: string) => (typeof profile[name] === 'string' ? profile[name] : '');
  const display = text('displayName');
  const full = [text('firstName'), text('lastName')].filter((part) => part !== '').join(' ');
  return full !== '' ? full : display !== '' ? display : text('login');
}
