import { useSearchParams } from 'react-router';

/** What a page was asked for is in its address, to be sent to others. */
export interface Address {
  get(name: string): string | null;
  /** Nothing takes it out. The other values stay. */
  set(name: string, value: string | null): void;
  /** Several at once: calls of `set` in one go would each begin from what was there before. */
  setAll(values: Readonly<Record<string, string | null>>): void;
}

export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const setAll = (values: Readonly<Record<string, string | null>>) =>
    setParams(
      (now) => {
        for (const [name, value] of Object.entries(values)) {
          if (value === null || value === '') now.delete(name);
          else now.set(name, value);
        }
        return now;
      },
      { replace: true },
    );
  return { get: (name) => params.get(name), set: (name, value) => setAll({ [name]: value }), setAll };
}
