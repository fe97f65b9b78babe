/** `at` is the offset in the source that an error about the node points to. */
interface Located {
  readonly at: number;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'matches';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

export interface LiteralNode extends Located {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
}

/** `{1, 2, 3}` */
export interface ListNode extends Located {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

/** `{'group.id': {'00g1'}}` */
export interface MapNode extends Located {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: string; readonly value: Node; readonly at: number }[];
}

/** A bare name: the root of a reference, such as `user`. */
export interface NameNode extends Located {
  readonly kind: 'name';
  readonly name: string;
}

/** `target.name` */
export interface MemberNode extends Located {
  readonly kind: 'member';
  readonly target: Node;
  readonly name: string;
}

/** `target[index]` */
export interface IndexNode extends Located {
  readonly kind: 'index';
  readonly target: Node;
  readonly index: Node;
}

/** `target.![path]`: one value of every element. */
export interface ProjectionNode extends Located {
  readonly kind: 'projection';
  readonly target: Node;
  readonly path: readonly string[];
}

/** `name(args)` */
export interface CallNode extends Located {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Node[];
}

/** `target.name(args)`: a function of a namespace (`String.len`) or a method of `user`. */
export interface MethodNode extends Located {
  readonly kind: 'method';
  readonly target: Node;
  readonly name: string;
  readonly args: readonly Node[];
}

export interface NotNode extends Located {
  readonly kind: 'not';
  readonly operand: Node;
}

export interface SignNode extends Located {
  readonly kind: 'sign';
  readonly operator: '+' | '-';
  readonly operand: Node;
}

/** A run of operators of one precedence, left to right, kept flat so that a long sum is not deep. */
export interface ArithmeticNode extends Located {
  readonly kind: 'arithmetic';
  readonly first: Node;
  readonly rest: readonly { readonly operator: ArithmeticOperator; readonly operand: Node; readonly at: number }[];
}

export interface ComparisonNode extends Located {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Node;
  readonly right: Node;
}

export interface LogicNode extends Located {
  readonly kind: 'logic';
  readonly operator: 'AND' | 'OR';
  readonly operands: readonly Node[];
}

/** `test ? then : …`, or `test ?: …` when there is no `then`. */
export interface ChoiceCase extends Located {
  readonly test: Node;
  readonly then?: Node;
}

/** A chain of `?:` in either form, kept flat for the same reason. */
export interface ChoiceNode extends Located {
  readonly kind: 'choice';
  readonly cases: readonly ChoiceCase[];
  readonly otherwise: Node;
}

export type Node =
  | LiteralNode
  | ListNode
  | MapNode
  | NameNode
  | MemberNode
  | IndexNode
  | ProjectionNode
  | CallNode
  | MethodNode
  | NotNode
  | SignNode
  | ArithmeticNode
  | ComparisonNode
  | LogicNode
  | ChoiceNode;

/** The nodes directly below, in source order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.map((entry) => entry.value);
    case 'member':
    case 'projection':
      return [node.target];
    case 'index':
      return [node.target, node.index];
    case 'call':
      return node.args;
    case 'method':
      return [node.target, ...node.args];
    case 'not':
    case 'sign':
      return [node.operand];
    case 'arithmetic':
      return [node.first, ...node.rest.map((step) => step.operand)];
    case 'comparison':
      return [node.left, node.right];
    case 'logic':
      return node.operands;
    case 'choice':
      return [
        ...node.cases.flatMap((each) => (each.then === undefined ? [each.test] : [each.test, each.then])),
        node.otherwise,
      ];
  }
}

/** The value of a text literal, else undefined. */
export function literalText(node: Node | undefined): string | undefined {
  return node?.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined;
}
