const paths = {
  home: 'M3 11 12 4l9 7M5 10v10h5v-6h4v6h5V10',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 3.6-6 8-6s8 2 8 6',
  group:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2 20c0-3.6 3-5.4 7-5.4s7 1.800 7 5.400M16 4.500a3.500 3.500 0 0 1 0 6.300M18 15c2.600.6 4 2.300 4 5',
  apps: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  profile: 'M4 5h16v14H4zM8 10h8M8 14h5',
  plans: 'M9 4h6v3H9zM7 5.500H5V20h14V5.500h-2M8.500 13l2.500 2.500 4.500-4.500',
  runs: 'M5 4v16l14-8z',
  system: 'M4 5h16v6H4zM4 13h16v6H4zM7 8h1M7 16h1',
  tasks: 'M4 6l2 2 3-4M4 13l2 2 3-4M12 7h8M12 14h8M5 20h15',
  log: 'M5 5h14M5 10h14M5 15h9M5 20h6',
  reports: 'M5 20v-8M12 20V4M19 20v-12M3 20h18',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4',
} as const;

export type IconName = keyof typeof paths;

/** Beside words, so that it says nothing itself. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" style={{ flex: 'none' }}>
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
