import { Button, Group, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../../text';
import type { Step } from './steps';

interface Props {
  readonly step: Step;
  readonly children: ReactNode;
  /** What goes on to the next step; it stands last. */
  readonly forward?: ReactNode;
  readonly onBack?: () => void;
  /** What leaving is called. */
  readonly leave?: string;
}

/** A step under its name, which takes the focus from the button that led there. */
export function StepCard({ step, children, forward, onBack, leave = t.wizard.leave }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section className="u-surface" style={{ padding: 20 }} aria-label={t.wizard.names[step]}>
      <Title order={2} mb="md" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
        {t.wizard.names[step]}
      </Title>
      {children}
      <Group justify="space-between" mt="xl">
        <Group gap="sm">
          {onBack && (
            <Button variant="default" onClick={onBack}>
              {t.wizard.back}
            </Button>
          )}
          <Link className="u-link" to="/admin/applications">
            {leave}
          </Link>
        </Group>
        {forward}
      </Group>
    </section>
  );
}
