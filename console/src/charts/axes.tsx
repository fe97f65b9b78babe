import { AxisBottom, AxisLeft } from '@visx/axis';
import { t } from '../text';
import { margin, type bandScale, type countScale } from './scale';

const short = new Intl.NumberFormat(t.locale, { notation: 'compact', maximumFractionDigits: 1 });
const label = { fill: 'var(--mantine-color-dimmed)', fontSize: 11, fontFamily: 'inherit' } as const;

interface Props {
  readonly width: number;
  readonly down: ReturnType<typeof countScale>;
}

/** How many, with a line across at each tick. Whole numbers only. */
export function CountAxis({ width, down }: Props) {
  const ticks = down.ticks(4).filter(Number.isInteger);
  return (
    <>
      {ticks.map((tick) => (
        <line
          key={tick}
          x2={Math.max(0, width - margin.left - margin.right)}
          y1={down(tick)}
          y2={down(tick)}
          stroke="var(--u-line)"
        />
      ))}
      <AxisLeft
        scale={down}
        tickValues={ticks}
        tickFormat={(value) => short.format(Number(value))}
        hideAxisLine
        hideTicks
        tickLabelProps={{ ...label, textAnchor: 'end', dx: -2, dy: 4 }}
      />
    </>
  );
}

export function BandAxis(props: {
  readonly height: number;
  readonly across: ReturnType<typeof bandScale>;
  readonly at: readonly number[];
  readonly labelOf: (index: number) => string;
}) {
  const { height, across, at, labelOf } = props;
  return (
    <AxisBottom
      top={height - margin.top - margin.bottom}
      scale={across}
      tickValues={[...at]}
      tickFormat={(index) => labelOf(Number(index))}
      stroke="var(--u-line)"
      tickStroke="var(--u-line)"
      tickLength={4}
      tickLabelProps={{ ...label, textAnchor: 'middle', dy: 2 }}
    />
  );
}
