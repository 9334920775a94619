import type { Command } from './command.ts';
import type { CommandRow, CommandSection } from './command-row.ts';
import type { Flag } from './flag.ts';

const SECTIONS: readonly CommandSection[] = [
  'Basic Commands (Beginner):',
  'Basic Commands (Intermediate):',
  'Deploy Commands:',
  'Cluster Management Commands:',
  'Troubleshooting and Debugging Commands:',
  'Advanced Commands:',
  'Settings Commands:',
  'Storage Commands:',
  'Other Commands:',
];

/** The help of the program itself: its commands by section. */
export function programHelp(programName: string, table: readonly CommandRow[]): string {
  const shown = table.filter((row) => row.hidden !== true);
  const sections = SECTIONS.flatMap((section) => {
    const rows = shown.filter((row) => row.section === section);
    return rows.length === 0 ? [] : [`${section}\n${commandLines(rows)}`];
  });
  return (
    [
      `${programName} creates, reads, changes and deletes Kubernetes objects: on an API server, in etcd, or in a local store that needs nothing.`,
      ...sections,
      `Usage:\n  ${programName} [flags] [options]`,
      `Use "${programName} <command> --help" for more information about a given command.\n${optionsHint(programName)}`,
    ].join('\n\n') + '\n'
  );
}

/** The help of a command or of a group of commands, laid out as kubectl's. */
export function commandHelp(programName: string, rows: readonly CommandRow[], command: Command | undefined): string {
  const row = rows.at(-1);
  const path = [programName, ...rows.map((each) => each.name)].join(' ');
  const children = (row?.children ?? []).filter((each) => each.hidden !== true);
  const flags = (command?.flags ?? []).filter((flag) => flag.hidden !== true);
  const more =
    children.length > 0 ? `Use "${path} <command> --help" for more information about a given command.\n` : '';
  const parts = [
    descriptionOf(row, command),
    aliasLines(row),
    exampleLines(command?.examples ?? row?.group?.examples ?? [], programName),
    children.length === 0 ? '' : `Available Commands:\n${commandLines(children)}`,
    flags.length === 0 ? '' : `Options:\n${flagLines(flags)}`,
    usageLine(programName, rows, command),
    `${more}${optionsHint(programName)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function descriptionOf(row: CommandRow | undefined, command: Command | undefined): string {
  return (command?.description ?? row?.group?.description ?? row?.summary ?? '').trim();
}

function aliasLines(row: CommandRow | undefined): string {
  const aliases = row?.aliases ?? [];
  return aliases.length === 0 ? '' : `Aliases:\n${[row?.name, ...aliases].join(', ')}`;
}

function exampleLines(examples: Command['examples'], programName: string): string {
  if (examples.length === 0) return '';
  const texts = examples.map(({ comment, command: line }) => `  # ${comment}\n  ${withName(line, programName)}`);
  return `Examples:\n${texts.join('\n\n')}`;
}

/** A command's `use` begins with its own name, or leaves it out. */
function usageLine(programName: string, rows: readonly CommandRow[], command: Command | undefined): string {
  const row = rows.at(-1);
  const parents = [programName, ...rows.slice(0, -1).map((each) => each.name)].join(' ');
  const use = command?.use ?? row?.group?.use ?? '';
  const name = row?.name ?? '';
  const own = use === name || use.startsWith(`${name} `) ? use : `${name} ${use}`.trim();
  return `Usage:\n  ${parents} ${own} [options]`;
}

/** Flags as help lists them: name, default, and what it is for on a line of its own. */
export function flagLines(flags: readonly Flag[]): string {
  return [...flags]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(
      (flag) =>
        `    ${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}=${shownDefault(flag)}:\n\t${flag.usage}`,
    )
    .join('\n\n');
}

function shownDefault(flag: Flag): string {
  switch (flag.type) {
    case 'bool':
      return flag.default ?? 'false';
    case 'int':
    case 'int64':
      return flag.default ?? '0';
    case 'duration':
      return flag.default ?? '0s';
    case 'stringList':
    case 'stringArray':
      return flag.default === undefined || flag.default === '[]' ? '[]' : `[${flag.default}]`;
    case 'string':
      return `'${flag.default ?? ''}'`;
  }
}

function commandLines(rows: readonly CommandRow[]): string {
  const width = Math.max(11, ...rows.map((row) => row.name.length + 1));
  return rows.map((row) => `  ${row.name.padEnd(width)} ${row.summary}`).join('\n');
}

function optionsHint(programName: string): string {
  return `Use "${programName} options" for a list of global command-line options (applies to all commands).`;
}

function withName(line: string, programName: string): string {
  return line.replaceAll(/\bkubectl\b/g, programName);
}
