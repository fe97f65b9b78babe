import { useSearchParams } from 'react-router';

/** What a page was asked for is in its address, to be sent to others. */
export interface Address {
  get(name: string): string | null;
  /** Nothing takes it out. The other values stay. */
  set(name: string, value: string | null): void;
}

export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  return {
    get: (name) => params.get(name),
    set: (name, value) =>
      setParams(
        (now) => {
          if (value === null || value === '') now.delete(name);
          else now.set(name, value);
          return now;
        },
        { replace: true },
      ),
  };
}
