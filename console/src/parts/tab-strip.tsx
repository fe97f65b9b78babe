import { Tabs } from '@mantine/core';
import { useLayoutEffect, useRef, type ReactNode } from 'react';

interface Props {
  /** The tab that is open. */
  readonly current: string;
  readonly children: ReactNode;
}

/** Tabs of a page. On a narrow screen they are one line that is moved sideways, and the open one is in sight. */
export function TabStrip({ current, children }: Props) {
  const strip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const open = strip.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (strip.current === null || !open) return;
    strip.current.scrollLeft = open.offsetLeft - (strip.current.clientWidth - open.offsetWidth) / 2;
  }, [current]);
  return (
    <Tabs.List ref={strip} mb="lg" className="u-tab-strip">
      {children}
    </Tabs.List>
  );
}
