import type { ExpressionDependencies } from './scope.ts';

/** Gathers what an expression looks at while its tree is walked. */
export interface DependencyCollector {
  readonly references: Set<string>;
  readonly groupIds: Set<string>;
  readonly groupNames: Set<string>;
  readonly linked: Set<string>;
  groups: boolean;
  now: boolean;
}

export function createDependencyCollector(): DependencyCollector {
  return {
    references: new Set(),
    groupIds: new Set(),
    groupNames: new Set(),
    linked: new Set(),
    groups: false,
    now: false,
  };
}

export function collectedDependencies(collector: DependencyCollector): ExpressionDependencies {
  return {
    references: [...collector.references],
    groups: collector.groups,
    groupIds: [...collector.groupIds],
    groupNames: [...collector.groupNames],
    linked: [...collector.linked],
    now: collector.now,
  };
}
