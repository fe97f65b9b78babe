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

/** The places of labels that have room, each in the middle of its share; none says what the one before it says. */
export function labelled(bars: readonly { readonly tick: string }[], width: number, labelWidth = 76): number[] {
  const room = Math.max(1, Math.floor((width - margin.left) / labelWidth));
  const step = Math.max(1, Math.ceil(bars.length / room));
  const places = Array.from({ length: Math.ceil(bars.length / step) }, (_each, index) => index * step);
  return places.filter((place, index) => index === 0 || bars[place]?.tick !== bars[place - step]?.tick);
}
