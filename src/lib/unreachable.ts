/** Marks a branch the types rule out; adding a case to the union makes the caller fail to compile. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`);
}
