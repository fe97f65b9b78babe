import { ActionIcon, Group, Menu, Text, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { t } from '../../text';
import { useEndDrop } from './drag';
import type { Place } from './layout';
import { SectionName } from './section-name';

interface Props {
  /** Null for the tiles that are in no section. */
  readonly name: string | null;
  /** The names of all sections. */
  readonly names: readonly string[];
  readonly onDropped: (id: string, place: Place) => void;
  readonly onRename: (name: string) => void;
  readonly onStep: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  /** The tiles; null where there are none. */
  readonly children: ReactNode;
}

/** Tiles under a name of the person's own; drops to its end. */
export function Section(props: Props) {
  const { name, names, children } = props;
  const { element, over } = useEndDrop(name, props.onDropped);
  const title = name ?? (names.length > 0 ? t.my.others : null);
  return (
    <section aria-label={title ?? t.my.title} className="u-apps" data-over={over || undefined} ref={element}>
      {title !== null && (
        <Group justify="space-between" wrap="nowrap" mb="sm">
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {name !== null && <SectionMenu {...props} name={name} />}
        </Group>
      )}
      {children === null ? (
        <Text size="sm" c="var(--mantine-color-dimmed)">
          {t.my.sectionEmpty}
        </Text>
      ) : (
        <ul className="u-grid u-my-grid">{children}</ul>
      )}
    </section>
  );
}

function SectionMenu({ name, names, onRename, onStep, onRemove }: Props & { readonly name: string }) {
  const [naming, setNaming] = useState(false);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.my.arrangeSection(name)}>
            <span aria-hidden>⋮</span>
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setNaming(true)}>{t.my.rename}</Menu.Item>
          <Menu.Item disabled={names[0] === name} onClick={() => onStep(-1)}>
            {t.my.up}
          </Menu.Item>
          <Menu.Item disabled={names.at(-1) === name} onClick={() => onStep(1)}>
            {t.my.down}
          </Menu.Item>
          <Menu.Item onClick={onRemove}>{t.my.removeSection}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <SectionName
          title={t.my.renameTitle(name)}
          first={name}
          taken={names.filter((each) => each !== name)}
          onClose={() => setNaming(false)}
          onName={onRename}
        />
      )}
    </>
  );
}
