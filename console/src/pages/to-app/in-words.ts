import { t } from '../../text';
import { passwordChoice } from './fields';
import type { Settings } from './section';

const words = t.toApp;

/** What is set, as the form says it; with names, of these settings alone. Limits stand beside the others. */
export function inWords(settings: Settings, names?: readonly string[]): Readonly<Record<string, unknown>> {
  const { limits, supports: _supports, ...others } = settings;
  const all = {
    ...others,
    password: words.password.choices[passwordChoice(settings.password)],
    deprovision: words.deprovision.choices[settings.deprovision],
    suspended: words.suspended.choices[settings.suspended],
    updateVerb: words.updateVerb.choices[settings.updateVerb],
    entitlements: settings.entitlements?.join(', '),
  };
  const wanted = Object.entries(all).filter(([name]) => names?.includes(name) ?? true);
  const withLimits = names?.includes('limits') ?? true;
  return Object.fromEntries([
    ...wanted.map(([name, value]) => [name, said(value)] as const),
    ...(withLimits ? Object.entries(limits) : []),
  ]);
}

function said(value: unknown): unknown {
  return typeof value === 'boolean' ? (value ? t.common.yes : t.common.no) : value;
}

export function titleOf(name: string): string {
  const titles: Readonly<Record<string, unknown>> = { ...words, timeoutMs: words.timeoutSeconds };
  const own = titles[name];
  return typeof own === 'object' && own !== null && 'label' in own ? String(own.label) : name;
}
