import { expect, test } from 'vitest';
import { labelled } from '../../console/src/charts/scale.ts';

const sixHours = 28;
/** Bars of six hours from this hour of the first day, each labelled with its day. */
const days = (hour: number) =>
  Array.from({ length: sixHours }, (_each, index) => ({ tick: `Nov ${20 + Math.floor((hour / 6 + index) / 4)}` }));
const minutes = Array.from({ length: 60 }, (_each, index) => ({ tick: `10:${index}` }));

test.each([
  ['each day at its first bar', days(0), 900, [0, 4, 8, 12, 16, 20, 24]],
  ['the rest of a day that has room', days(6), 1_300, [0, 3, 7, 11, 15, 19, 23, 27]],
  ['not the rest of a day that has none', days(18), 900, [1, 5, 9, 13, 17, 21, 25]],
  ['every third day on a telephone', days(0), 320, [0, 12, 24]],
  ['times at equal distances', minutes, 600, [0, 9, 18, 27, 36, 45, 54]],
  ['nothing of no bars', [], 600, []],
])('labels of a chart: %s', (_what, bars, width, places) => {
  expect(labelled(bars, width)).toEqual(places);
});
