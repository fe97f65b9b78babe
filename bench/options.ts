/** What a benchmark is asked for on the command line. */
export interface BenchOptions {
  /** Undefined: as many as the benchmark thinks right. */
  readonly people: number | undefined;
  /** Measured rounds, after one to warm up. */
  readonly rounds: number;
  /** PostgreSQL server; undefined where there is none. */
  readonly databaseUrl: string | undefined;
  /** Says on stderr what is going on. */
  progress(line: string): void;
}
