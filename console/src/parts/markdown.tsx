import type { ReactNode } from 'react';
import { Table } from './table';

/** Headings, lists, tables, paragraphs and code of a set-up guide. Everything else is shown as it is written. */
export function Markdown({ text }: { readonly text: string }) {
  const blocks = text.replace(/\r/g, '').split(/\n{2,}/);
  return <div className="u-guide">{blocks.map((block, index) => blockOf(block.trim(), index))}</div>;
}

function blockOf(block: string, key: number): ReactNode {
  const heading = /^#{1,6}\s+(.*)$/.exec(block);
  if (heading !== null) return <h3 key={key}>{inline(heading[1] ?? '')}</h3>;
  const lines = block.split('\n');
  if (lines.length > 2 && lines.every((line) => line.startsWith('|'))) return <Lines key={key} lines={lines} />;
  if (lines.every((line) => /^(\d+\.|[-*])\s|^\s{2,}/.test(line))) {
    const items = block.split(/\n(?=\d+\.\s|[-*]\s)/).map((item) => item.replace(/^(\d+\.|[-*])\s+/, ''));
    const children = items.map((item) => <li key={item}>{inline(item)}</li>);
    return /^\d/.test(block) ? <ol key={key}>{children}</ol> : <ul key={key}>{children}</ul>;
  }
  return <p key={key}>{inline(block)}</p>;
}

/** The first line names the columns, the second only divides; the first cell of a row is what it is about. */
function Lines({ lines: [head = '', , ...rows] }: { readonly lines: readonly string[] }) {
  const cellsOf = (line: string) => line.split('|').slice(1, -1);
  const titles = cellsOf(head).map((title) => title.trim());
  return (
    <Table
      label={titles.join(', ')}
      flush
      items={rows}
      keyOf={(line) => line}
      columns={titles.map((title, index) => ({
        title,
        cell: (line: string) => inline(cellsOf(line)[index]?.trim() ?? ''),
      }))}
    />
  );
}

function inline(text: string): ReactNode {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    if (part.startsWith('`')) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**')) return <strong key={index}>{part.slice(2, -2)}</strong>;
    return part;
  });
}
