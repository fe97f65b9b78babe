/** Ids in examples. Nobody has them; whoever tries an example out puts real ones in their place. */
export const exampleIds = {
  user: '00uexampleuser000000',
  group: '00gexamplegroup00000',
  app: '0oaexampleapp0000000',
} as const;
