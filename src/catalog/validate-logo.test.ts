import { describe, expect, test } from 'vitest';
import { validateLogo } from './validate-logo.ts';

function logo(inside: string, attributes = ''): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"${attributes}><title>A</title>${inside}</svg>`;
}

describe('validateLogo', () => {
  test('plain drawing is fine', () => {
    const gradient = '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>';
    expect(validateLogo(logo(`${gradient}<rect width="64" height="64" rx="14" fill="url(#g)"/>`))).toEqual([]);
  });

  test.each([
    ['script', '<script>alert(1)</script>', '<script>'],
    ['foreign object', '<foreignObject><p/></foreignObject>', '<foreignObject>'],
    ['image', '<image width="1"/>', '<image>'],
    ['use', '<use href="#a"/>', '<use>'],
    ['handler', '<rect onload="alert(1)"/>', 'attribute onload'],
    ['unquoted handler', '<rect onclick=alert(1) />', 'attribute onclick'],
    ['handler after a slash', '<rect/onload="alert(1)"/>', 'attribute onload'],
    ['upper-case handler', '<rect OnLoad="alert(1)"/>', 'attribute OnLoad'],
    ['style', '<rect style="fill:red"/>', 'attribute style'],
    ['link', '<g xlink:href="x"/>', 'attribute xlink:href'],
    ['fetched paint', '<rect fill="url(https://example.com/a)"/>', 'attribute fill'],
    ['protocol', '<rect fill="javascript:alert(1)"/>', 'attribute fill'],
    ['entity', '<title>&lt;</title>', 'entity'],
    ['comment', '<!-- a -->', 'comment'],
  ])('refuses %s', (_, inside, problem) => {
    expect(validateLogo(logo(inside)).join()).toContain(problem);
  });

  test('refuses a handler on the root element', () => {
    expect(validateLogo(logo('', ' onload="alert(1)"'))).toEqual(['contains the attribute onload']);
  });

  test('refuses another size, no title and too many bytes', () => {
    expect(validateLogo('<svg viewBox="0 0 10 10"></svg>')).toHaveLength(2);
    expect(validateLogo(logo(`<path d="${'M0 0'.repeat(600)}"/>`))).toEqual(['larger than 2048 bytes']);
  });
});
