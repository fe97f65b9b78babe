interface Change {
  readonly isError: boolean;
  readonly reset: () => void;
}

/** What the server had against other text goes when somebody types on: for `onChange` of a form. */
export function unsay(change: Change, also?: () => void): () => void {
  return () => {
    if (change.isError) change.reset();
    also?.();
  };
}
