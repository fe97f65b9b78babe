import { Anchor, Breadcrumbs, Group, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../text';

interface Props {
  readonly title: string;
  /** Before the title, and what it shows is in there too. */
  readonly picture?: ReactNode;
  readonly above?: readonly { readonly to: string; readonly label: string }[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One heading, where one is, and what one can do here. Takes the focus when what had it went with the page before. */
export function PageBody({ title, picture, above = [], actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => void (document.title = t.frame.documentTitle(title)), [title]);
  return (
    <>
      {above.length > 0 && (
        <nav aria-label={t.frame.breadcrumbs}>
          <Breadcrumbs mb="xs" separator="›">
            {above.map(({ to, label }) => (
              <Anchor component={Link} to={to} key={to} size="sm">
                {label}
              </Anchor>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" mb="lg" gap="sm">
        <Group gap="md" wrap="nowrap" style={{ minWidth: 0 }}>
          {picture}
          <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere', outline: 'none' }}>
            {title}
          </Title>
        </Group>
        <Group gap="sm">{actions}</Group>
      </Group>
      {children}
    </>
  );
}

export function Card({ title, actions, children }: { title?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="u-surface" style={{ padding: 20, marginBlockEnd: 20 }} aria-label={title}>
      {title !== undefined && (
        <Group justify="space-between" mb="md">
          <Title order={2}>{title}</Title>
          {actions}
        </Group>
      )}
      {children}
    </section>
  );
}
