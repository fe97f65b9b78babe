const bytesMax = 2048;

const drawingElements: ReadonlySet<string> = new Set([
  'svg',
  'title',
  'defs',
  'linearGradient',
  'stop',
  'g',
  'path',
  'rect',
  'circle',
  'ellipse',
  'line',
  'polyline',
  'polygon',
]);

/**
 * What is wrong with a logo. Logos are shown inside our own pages, so only plain drawing is let through:
 * listed elements, no scripts, styles, event handlers, links, entities or anything fetched from elsewhere.
 */
export function validateLogo(svg: string): string[] {
  const problems: string[] = [];
  if (Buffer.byteLength(svg) > bytesMax) problems.push(`larger than ${String(bytesMax)} bytes`);
  if (!/^<svg [^>]*viewBox="0 0 64 64"/.test(svg)) problems.push('does not start with <svg … viewBox="0 0 64 64">');
  if (!/<title>[^<]+<\/title>/.test(svg)) problems.push('has no title element');
  if (/<[!?]|&/.test(svg)) problems.push('contains a declaration, comment or entity');
  for (const [, name = ''] of svg.matchAll(/<\/?\s*([^\s/>]+)/g)) {
    if (!drawingElements.has(name)) problems.push(`contains the element <${name}>`);
  }
  for (const [, name = '', value = ''] of svg.matchAll(/([^\s"'<>/=]+)\s*=\s*["']?([^"'>]*)/g)) {
    if (!isDrawingAttribute(name, value)) problems.push(`contains the attribute ${name}`);
  }
  return [...new Set(problems)];
}

function isDrawingAttribute(name: string, value: string): boolean {
  if (name === 'xmlns') return value === 'http://www.w3.org/2000/svg';
  if (/^on|href$|^style$|^src/i.test(name)) return false;
  return !/:|url\((?!#)/i.test(value);
}
