import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openCursor, sealCursor } from './cursor.ts';
import { createKeyBox } from './key-box.ts';

describe('cursor', () => {
  const box = createKeyBox(randomBytes(32));
  const cursor = sealCursor(box, '/users', { id: '00u1', value: 'Ä' });

  test('comes back as it went out, and needs no escaping in a URL', () => {
    expect(openCursor(box, '/users', cursor)).toEqual({ id: '00u1', value: 'Ä' });
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  test.each([
    ['of another list', () => openCursor(box, '/groups', cursor)],
    ['of another server', () => openCursor(createKeyBox(randomBytes(32)), '/users', cursor)],
    ['with another payload', () => openCursor(box, '/users', `x${cursor}`)],
    ['with more behind it', () => openCursor(box, '/users', `${cursor}.x`)],
    ['without a tag', () => openCursor(box, '/users', cursor.split('.')[0] ?? '')],
    ['that is an id', () => openCursor(box, '/users', '00u1')],
    ['that is nothing', () => openCursor(box, '/users', '')],
  ])('one %s is refused', (_case, open) => {
    expect(open).toThrow('after is not a cursor from a "next" link of this list');
  });
});
