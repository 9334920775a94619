import type { Command } from './command.ts';
import type { CommandRow } from './command-row.ts';
import type { Flag } from './flag.ts';

export interface ManualPageOf {
  readonly programName: string;
  /** From the first word down; empty for the program itself. */
  readonly rows: readonly CommandRow[];
  readonly command: Command | undefined;
  /** Sub-commands. */
  readonly children: readonly CommandRow[];
  /** Flags that are told of on this page besides the command's own. */
  readonly moreFlags: readonly Flag[];
  readonly version: string;
}

/** The name of a manual page: `kube-lite-create-configmap`. */
export function manualName(programName: string, rows: readonly CommandRow[]): string {
  return [programName.replaceAll(' ', '-'), ...rows.map(({ name }) => name)].join('-');
}

/** A manual page in roff's man macros, from the data that help is made of. */
export function manualPage(page: ManualPageOf): string {
  const { programName, rows, command, children, version } = page;
  const row = rows.at(-1);
  const summary = row?.summary ?? 'Kubernetes objects on an API server, in etcd, or in a local store';
  const name = manualName(programName, rows);
  const flags = [...(command?.flags ?? []), ...page.moreFlags].filter((flag) => flag.hidden !== true);
  const parents = rows.slice(0, -1);
  const parts = [
    `.TH "${escaped(name.toUpperCase())}" "1" "" "kube-lite ${escaped(version)}" "kube-lite manual"`,
    `.SH NAME\n${escaped(name)} \\- ${escaped(summary)}`,
    `.SH SYNOPSIS\n.B ${escaped(synopsis(page))}`,
    `.SH DESCRIPTION\n${paragraphs(command?.description ?? row?.group?.description ?? summary)}`,
    children.length === 0 ? '' : `.SH COMMANDS\n${children.map(childLines).join('\n')}`,
    flags.length === 0 ? '' : `.SH OPTIONS\n${flags.toSorted(byName).map(flagLines).join('\n')}`,
    exampleLines(page),
    rows.length === 0 ? '' : `.SH "SEE ALSO"\n.BR ${escaped(manualName(programName, parents))} (1)`,
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

function synopsis({ programName, rows, command }: ManualPageOf): string {
  const row = rows.at(-1);
  const name = row?.name ?? '';
  const use = command?.use ?? row?.group?.use ?? '';
  const own = use === name || use.startsWith(`${name} `) ? use : `${name} ${use}`.trim();
  const parents = rows.slice(0, -1).map((each) => each.name);
  return [programName, ...parents, own, '[options]'].filter((each) => each !== '').join(' ');
}

function exampleLines({ rows, command, programName }: ManualPageOf): string {
  const all = command?.examples ?? rows.at(-1)?.group?.examples ?? [];
  if (all.length === 0) return '';
  const examples = all.map(({ comment, command: line }) => {
    const lines = line.replaceAll(/\bkubectl\b/g, programName).split('\n');
    return `.PP\n${escaped(comment)}:\n.PP\n.nf\n.RS 4\n${lines.map((each) => escaped(each.trim())).join('\n')}\n.RE\n.fi`;
  });
  return `.SH EXAMPLES\n${examples.join('\n')}`;
}

function childLines({ name, summary }: CommandRow): string {
  return `.TP\n.B ${escaped(name)}\n${escaped(summary)}`;
}

function flagLines({ name, short, type, default: value, usage }: Flag): string {
  const names = `${short === undefined ? '' : `-${short}, `}--${name}`;
  const kind =
    type === 'bool' ? '' : `=${type === 'stringList' || type === 'stringArray' ? 'LIST' : type.toUpperCase()}`;
  const also = value === undefined || value === '' || value === '[]' ? '' : ` (${value} when not given)`;
  return `.TP\n.B ${escaped(`${names}${kind}`)}\n${escaped(`${usage}${also}`)}`;
}

function byName(left: Flag, right: Flag): number {
  return left.name < right.name ? -1 : 1;
}

function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => escaped(paragraph.replaceAll(/\s*\n\s*/g, ' ').trim()))
    .join('\n.PP\n');
}

/** Text as roff shows it: nothing of it is a command. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, String.raw`\&$1`);
}
