import { Group } from '@visx/group';
import { useParentSize } from '@visx/responsive';
import { Bar } from '@visx/shape';
import { useId, useState, type PointerEvent } from 'react';
import { t } from '../text';
import { BandAxis, CountAxis } from './axes';
import { fillOf, Patterns, Swatch, type ChartTone } from './patterns';
import { bandScale, countScale, labelled, margin } from './scale';

export interface BarSeries {
  readonly key: string;
  readonly label: string;
  readonly tone: ChartTone;
}

export interface BarOf {
  readonly key: string;
  /** What the bar is about, in full, and in as little as fits below it. */
  readonly title: string;
  readonly tick: string;
  /** By the series' keys. */
  readonly values: Readonly<Record<string, number>>;
}

export interface StackedBarsProps {
  /** What the picture shows, with its sum, for who cannot see it. */
  readonly label: string;
  readonly series: readonly BarSeries[];
  readonly bars: readonly BarOf[];
  readonly height?: number;
  /** A bar was clicked, or some beside each other were drawn over; the first and the last. */
  readonly onPick?: (first: number, last: number) => void;
  /** Whether drawing over some is offered. */
  readonly brush?: boolean;
}

/** For the mouse alone: what can be clicked here is a link in the table beside it. Nothing moves. */
export function StackedBars({ label, series, bars, height = 200, onPick, brush = false }: StackedBarsProps) {
  const id = useId().replaceAll(':', '');
  const { parentRef, width } = useParentSize({ debounceTime: 50 });
  const [hovered, setHovered] = useState<number>();
  const [from, setFrom] = useState<number>();
  const across = bandScale(bars.length, width);
  const down = countScale(Math.max(0, ...bars.map(({ values }) => sumOf(values))), height);
  const placeOf = (event: PointerEvent<SVGSVGElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left;
    return Math.min(bars.length - 1, Math.max(0, Math.floor(x / across.step())));
  };
  const end = (event: PointerEvent<SVGSVGElement>) => {
    if (from !== undefined) {
      const to = brush ? placeOf(event) : from;
      onPick?.(Math.min(from, to), Math.max(from, to));
    }
    setFrom(undefined);
  };
  const shown = hovered === undefined ? undefined : bars[hovered];
  const [first, last] = [Math.min(from ?? 0, hovered ?? 0), Math.max(from ?? 0, hovered ?? 0)];
  return (
    <div>
      <div ref={parentRef} style={{ position: 'relative', inlineSize: '100%', blockSize: height }}>
        <svg
          role="img"
          aria-label={label}
          width={width}
          height={height}
          style={{ display: 'block', cursor: brush ? 'crosshair' : onPick && 'pointer', touchAction: 'pan-y' }}
          onPointerDown={(event) => {
            if (event.button !== 0 || onPick === undefined) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setFrom(placeOf(event));
          }}
          onPointerMove={(event) => setHovered(placeOf(event))}
          onPointerUp={end}
          onPointerCancel={() => setFrom(undefined)}
          onPointerLeave={() => from === undefined && setHovered(undefined)}
        >
          <Patterns id={id} />
          <Group left={margin.left} top={margin.top}>
            <CountAxis width={width} down={down} />
            {hovered !== undefined && (
              <rect
                x={(across(from === undefined ? hovered : first) ?? 0) - 1}
                width={(from === undefined ? 0 : last - first) * across.step() + across.bandwidth() + 2}
                height={Math.max(0, height - margin.top - margin.bottom)}
                fill="var(--u-info-ground)"
              />
            )}
            {bars.map((bar, index) => (
              <Group key={bar.key} left={across(index) ?? 0}>
                {stack(bar, series).map(({ key, tone, below, count }) => (
                  <Bar
                    key={key}
                    y={down(below + count)}
                    width={across.bandwidth()}
                    height={Math.max(1.5, down(below) - down(below + count))}
                    fill={fillOf(id, tone)}
                  />
                ))}
              </Group>
            ))}
            <BandAxis
              height={height}
              across={across}
              at={labelled(bars, width)}
              labelOf={(index) => bars[index]?.tick ?? ''}
            />
          </Group>
        </svg>
        {shown !== undefined && hovered !== undefined && (
          <div
            className="u-chart-tip"
            aria-hidden
            style={{
              insetInlineStart: Math.min(Math.max(0, width - 190), margin.left + (across(hovered) ?? 0) + 14),
            }}
          >
            <strong>{shown.title}</strong>
            {series
              .filter(({ key }) => (shown.values[key] ?? 0) > 0)
              .map(({ key, label: name, tone }) => (
                <div key={key} className="u-legend">
                  <Swatch id={id} tone={tone} />
                  {name}: {(shown.values[key] ?? 0).toLocaleString(t.locale)}
                </div>
              ))}
          </div>
        )}
      </div>
      {series.length > 1 && (
        <div className="u-legends">
          {series.map(({ key, label: name, tone }) => (
            <span key={key} className="u-legend">
              <Swatch id={id} tone={tone} />
              {name}: {bars.reduce((sum, { values }) => sum + (values[key] ?? 0), 0).toLocaleString(t.locale)}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

function stack({ values }: BarOf, series: readonly BarSeries[]) {
  let below = 0;
  return series.flatMap(({ key, tone }) => {
    const count = values[key] ?? 0;
    if (count === 0) return [];
    below += count;
    return [{ key, tone, count, below: below - count }];
  });
}

function sumOf(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((sum, count) => sum + count, 0);
}
