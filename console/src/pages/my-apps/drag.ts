import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Place } from './layout';

/** Which side of a tile another one would go to. */
export type Side = 'before' | 'after';

/** The pixel in the middle of an element decides: what is left of it is before. Right to left, the other way round. */
function sideOf(element: Element, clientX: number): Side {
  const { left, width } = element.getBoundingClientRect();
  const isLeft = clientX < left + width / 2;
  return isLeft === (getComputedStyle(element).direction === 'ltr') ? 'before' : 'after';
}

/** A tile that can be dragged, and that others can be dropped beside. Nothing while `id` is null. */
export function useTileDrag(id: string | null, onDrop: (id: string, side: Side) => void) {
  const element = useRef<HTMLLIElement>(null);
  const [side, setSide] = useState<Side>();
  const [dragged, setDragged] = useState(false);
  const drop = useEffectEvent(onDrop);
  useEffect(() => {
    const tile = element.current;
    if (tile === null || id === null) return;
    return combine(
      draggable({
        element: tile,
        getInitialData: () => ({ id }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element: tile,
        canDrop: ({ source }) => source.data['id'] !== id,
        onDrag: ({ location }) => setSide(sideOf(tile, location.current.input.clientX)),
        onDragLeave: () => setSide(undefined),
        onDrop: ({ source, location }) => {
          setSide(undefined);
          drop(String(source.data['id']), sideOf(tile, location.current.input.clientX));
        },
      }),
    );
  }, [id]);
  return { element, side, dragged };
}

/** A place that takes tiles to its end, where no tile has taken them. */
export function useEndDrop(section: Place['section'], onDrop: (id: string, place: Place) => void) {
  const element = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const drop = useEffectEvent(onDrop);
  useEffect(() => {
    const area = element.current;
    if (area === null) return;
    return dropTargetForElements({
      element: area,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source, location }) => {
        setOver(false);
        if (location.current.dropTargets[0]?.element !== area) return;
        drop(String(source.data['id']), { section, before: null });
      },
    });
  }, [section]);
  return { element, over };
}
