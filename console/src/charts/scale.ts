import { scaleBand, scaleLinear } from '@visx/scale';

/** Room for the axes. */
export const margin = { top: 8, right: 8, bottom: 26, left: 46 } as const;

export function bandScale(count: number, width: number) {
  return scaleBand({
    domain: Array.from({ length: count }, (_each, index) => index),
    range: [0, Math.max(0, width - margin.left - margin.right)],
    padding: count > 60 ? 0.1 : 0.22,
  });
}

export function countScale(most: number, height: number) {
  return scaleLinear({ domain: [0, Math.max(1, most)], range: [height - margin.top - margin.bottom, 0], nice: 4 });
}

/** The places of labels that have room. None says what the one before it says: what several bars say stands at the first. */
export function labelled(bars: readonly { readonly tick: string }[], width: number, labelWidth = 76): number[] {
  const shown = Math.max(1, width - margin.left - margin.right);
  const room = Math.max(1, Math.floor(shown / labelWidth));
  const begun = bars.flatMap(({ tick }, index) => (tick === bars[index - 1]?.tick ? [] : [index]));
  const step = Math.max(1, Math.ceil(begun.length / room));
  const [first = 0, next = bars.length] = [begun[0], begun[step]];
  // The rest of a day before the next one begins.
  const isCrowded = begun.length < bars.length && (next - first) * (shown / bars.length) < labelWidth;
  const places = isCrowded ? begun.slice(1) : begun;
  return places.filter((_place, index) => index % step === 0);
}
