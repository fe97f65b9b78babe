export type ChartTone = 'good' | 'bad' | 'info' | 'quiet';

/** Each tone has a grain of its own besides its colour, for whoever cannot tell the colours apart. */
export function Patterns({ id }: { readonly id: string }) {
  return (
    <defs>
      {tones.map((tone) => (
        <pattern key={tone} id={`${id}-${tone}`} width="6" height="6" patternUnits="userSpaceOnUse">
          <rect width="6" height="6" fill={`var(--u-chart-${tone})`} />
          {grains[tone] !== undefined && (
            <path d={grains[tone]} stroke="var(--u-surface)" strokeWidth="1.4" fill="none" />
          )}
        </pattern>
      ))}
    </defs>
  );
}

/** A square of the tone, for beside its word. */
export function Swatch({ id, tone }: { readonly id: string; readonly tone: ChartTone }) {
  return (
    <svg width="12" height="12" aria-hidden="true" style={{ flex: 'none' }}>
      <rect width="12" height="12" rx="2" fill={fillOf(id, tone)} />
    </svg>
  );
}

export function fillOf(id: string, tone: ChartTone): string {
  return `url(#${id}-${tone})`;
}

const tones: readonly ChartTone[] = ['good', 'bad', 'info', 'quiet'];
const grains: Readonly<Partial<Record<ChartTone, string>>> = {
  bad: 'M-1.5 1.5 1.5 -1.5M0 6 6 0M4.5 7.5 7.5 4.5',
  info: 'M0 3h6',
  quiet: 'M1.5 1.5h1M4.5 4.5h1',
};
