import { Group } from '@visx/group';
import { useParentSize } from '@visx/responsive';
import { scaleLinear } from '@visx/scale';
import { LinePath } from '@visx/shape';
import { CountAxis } from './axes';
import { countScale, margin } from './scale';

export interface LineProps {
  readonly label: string;
  /** In order of `x`, which has no unit here: the ends are labelled. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly ends: readonly [from: string, to: string];
  readonly height?: number;
}

/** One line with its points marked, from nought up. */
export function Line({ label, points, ends, height = 160 }: LineProps) {
  const { parentRef, width } = useParentSize({ debounceTime: 50 });
  const inner = { width: Math.max(0, width - margin.left - margin.right), height: height - margin.top - margin.bottom };
  const across = scaleLinear({
    domain: [points[0]?.x ?? 0, Math.max(points.at(-1)?.x ?? 1, (points[0]?.x ?? 0) + 1)],
    range: [0, inner.width],
  });
  const down = countScale(Math.max(0, ...points.map(({ y }) => y)), height);
  const words = { fill: 'var(--mantine-color-dimmed)', fontSize: 11, y: inner.height + 18 } as const;
  return (
    <div ref={parentRef} style={{ inlineSize: '100%', blockSize: height }}>
      <svg role="img" aria-label={label} width={width} height={height} style={{ display: 'block' }}>
        <Group left={margin.left} top={margin.top}>
          <CountAxis width={width} down={down} />
          <LinePath
            data={[...points]}
            x={({ x }) => across(x)}
            y={({ y }) => down(y)}
            stroke="var(--u-chart-info)"
            strokeWidth={2.5}
          />
          {points.map(({ x, y }) => (
            <circle key={x} cx={across(x)} cy={down(y)} r={3.5} fill="var(--u-chart-info)" stroke="var(--u-surface)" />
          ))}
          <text {...words}>{ends[0]}</text>
          <text {...words} x={inner.width} textAnchor="end">
            {ends[1]}
          </text>
        </Group>
      </svg>
    </div>
  );
}
