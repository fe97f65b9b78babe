/** One link of `_links`. */
export interface HalLink {
  readonly href: string;
  readonly name?: string;
  readonly type?: string;
  readonly method?: string;
  readonly hints?: { readonly allow: readonly string[] };
}

/** A link that says which methods it takes. */
export function linkTo(href: string, ...allow: readonly string[]): HalLink {
  return allow.length === 0 ? { href } : { href, hints: { allow } };
}
