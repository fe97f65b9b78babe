/** Longer ones are of nobody's making, and would not fit into a cookie. */
const lengthMax = 1_000;

/**
 * The path, with its query, that a browser may be sent on to: a page of this very origin. `/` for anything else. What is
 * answered is what browsers make of the text, who drop tabs and line ends, and take `\` for `/`.
 */
export function returnPath(text: string | undefined): string {
  if (text === undefined || text.length > lengthMax || !text.startsWith('/')) return '/';
  const here = 'http://usher.invalid';
  if (!URL.canParse(text, here)) return '/';
  const { origin, pathname, search } = new URL(text, here);
  const path = pathname + search;
  return origin !== here || path.startsWith('//') || path.length > lengthMax ? '/' : path;
}
