import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

/** Names and what they are here. */
export function Facts({ label, facts }: { readonly label: string; readonly facts: readonly Fact[] }) {
  return (
    <table className="u-table" aria-label={label}>
      <tbody>
        {facts.map(([name, value]) => (
          <tr key={name}>
            <th scope="row" style={{ whiteSpace: 'normal', inlineSize: '38%' }}>
              {name}
            </th>
            <td style={{ overflowWrap: 'anywhere' }}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
