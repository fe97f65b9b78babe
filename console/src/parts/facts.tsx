import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What it is called, what it is here, and what a machine calls it. */
export type Fact = readonly [name: string, value: ReactNode, key?: string];

/** Names and what they are here. On a narrow screen a value stands below its name. */
export function Facts({ label, facts }: { readonly label: string; readonly facts: readonly Fact[] }) {
  return (
    <table className="u-table u-facts" aria-label={label}>
      <tbody>
        {facts.map(([name, value, key], index) => (
          <tr key={index}>
            <th scope="row">
              {name}
              {key !== undefined && (
                <Text size="xs" className="u-mono" c="var(--mantine-color-dimmed)">
                  {key}
                </Text>
              )}
            </th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
