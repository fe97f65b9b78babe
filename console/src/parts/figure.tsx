import { Text } from '@mantine/core';
import { Link } from 'react-router';
import { t } from '../text';

/** A number and what it counts; where it leads, the words are the link, and its name has the number too. */
export function Figure({ value, label, to }: { readonly value: number; readonly label: string; readonly to?: string }) {
  const number = value.toLocaleString(t.locale);
  return (
    <div>
      <Text fz="1.9rem" fw={650} lh={1.1}>
        {number}
      </Text>
      {to === undefined ? (
        <Text size="sm" c="var(--mantine-color-dimmed)">
          {label}
        </Text>
      ) : (
        <Link
          className="u-link"
          style={{ fontSize: 'var(--mantine-font-size-sm)' }}
          aria-label={`${number} ${label}`}
          to={to}
        >
          {label}
        </Link>
      )}
    </div>
  );
}
