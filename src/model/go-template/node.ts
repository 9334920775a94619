import { goQuote } from '../go-text.ts';
import type { NumberConstant } from './number-constant.ts';

/** Where a node stands: UTF-16 units from the beginning of the template's text. */
interface Placed {
  readonly at: number;
}

export interface TextNode extends Placed {
  readonly kind: 'text';
  readonly text: string;
}

export interface ActionNode extends Placed {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}

/** `if`, `with` or `range`. */
export interface BranchNode extends Placed {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipe: PipeNode;
  readonly list: readonly Statement[];
  readonly elseList: readonly Statement[] | undefined;
}

export interface TemplateNode extends Placed {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface JumpNode extends Placed {
  readonly kind: 'break' | 'continue';
}

/** What a template's text consists of. */
export type Statement = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;

export interface PipeNode extends Placed {
  readonly kind: 'pipe';
  readonly declared: readonly VariableNode[];
  /** Whether `=` and not `:=` stands behind the variables. */
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
}

export interface CommandNode extends Placed {
  readonly kind: 'command';
  readonly args: readonly [Operand, ...Operand[]];
}

export interface VariableNode extends Placed {
  readonly kind: 'variable';
  /** The name with its `$`, then fields. */
  readonly path: readonly [string, ...string[]];
}

export interface FieldNode extends Placed {
  readonly kind: 'field';
  readonly path: readonly string[];
}

export interface ChainNode extends Placed {
  readonly kind: 'chain';
  readonly of: Operand;
  readonly path: readonly string[];
}

export interface IdentifierNode extends Placed {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface BoolNode extends Placed {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NumberNode extends Placed {
  readonly kind: 'number';
  readonly text: string;
  readonly value: NumberConstant;
}

export interface StringNode extends Placed {
  readonly kind: 'string';
  readonly quoted: string;
  readonly value: string;
}

export interface DotNode extends Placed {
  readonly kind: 'dot' | 'nil';
}

/** An operand that says itself what it is. */
export type ConstantNode = BoolNode | NumberNode | StringNode | DotNode;

/** What a command consists of. */
export type Operand = PipeNode | VariableNode | FieldNode | ChainNode | IdentifierNode | ConstantNode;

/** What an error can be about. */
export type Node = Statement | CommandNode | Operand;

/** A node as Go's error messages show it. */
export function nodeText(node: Node): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'command') return node.args.map(argumentText).join(' ');
  if (node.kind === 'action') return `{{${nodeText(node.pipe)}}}`;
  if (isBranch(node)) return `{{${node.kind} ${nodeText(node.pipe)}}}`;
  if (isJump(node)) return `{{${node.kind}}}`;
  if (node.kind !== 'template') return operandText(node);
  return `{{template ${goQuote(node.name)}${node.pipe === undefined ? '' : ` ${nodeText(node.pipe)}`}}}`;
}

function isBranch(node: Node): node is BranchNode {
  return node.kind === 'if' || node.kind === 'range' || node.kind === 'with';
}

function isJump(node: Node): node is JumpNode {
  return node.kind === 'break' || node.kind === 'continue';
}

function operandText(node: Operand): string {
  switch (node.kind) {
    case 'pipe': {
      const names = node.declared.map(nodeText).join(', ');
      const commands = node.commands.map(nodeText).join(' | ');
      return names === '' ? commands : `${names} ${node.assigns ? '=' : ':='} ${commands}`;
    }
    case 'chain':
      return [argumentText(node.of), ...node.path].join('.');
    case 'variable':
      return node.path.join('.');
    case 'field':
      return node.path.map((name) => `.${name}`).join('');
    case 'identifier':
      return node.name;
    case 'string':
      return node.quoted;
    case 'number':
      return node.text;
    case 'bool':
      return String(node.value);
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
  }
}

function argumentText(node: Operand): string {
  return node.kind === 'pipe' ? `(${nodeText(node)})` : nodeText(node);
}
