import type { Command } from './command.ts';

/** The heading under which the program's help lists a command. */
export type CommandSection =
  | 'Basic Commands (Beginner):'
  | 'Basic Commands (Intermediate):'
  | 'Deploy Commands:'
  | 'Cluster Management Commands:'
  | 'Troubleshooting and Debugging Commands:'
  | 'Advanced Commands:'
  | 'Settings Commands:'
  | 'Storage Commands:'
  | 'Other Commands:';

/** A command as the tree knows it before its module is loaded. */
export interface CommandRow {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly section?: CommandSection;
  /** The command itself. A row without it only holds `children`, and has `group`. */
  readonly load?: () => Promise<Command>;
  readonly group?: {
    readonly use: string;
    readonly description: string;
    readonly examples?: Command['examples'];
  };
  readonly children?: readonly CommandRow[];
  readonly hidden?: boolean;
}
