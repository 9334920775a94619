import type { EtcdServer } from '../../../etcd/etcd-server.ts';
import { answerJson } from '../../../etcd/answer-json.ts';
import { type AnswerHeader, headerFields } from '../../../etcd/answer-header.ts';
import { UserError } from '../../../model/user-error.ts';
import { type Command, type CommandDefinition, defineCommand, type Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { Flag } from '../../flag.ts';
import { etcdctlTable } from '../etcdctl-table.ts';

type OutputFormat = 'simple' | 'table' | 'json' | 'fields';

/** What a command shows: one text a format. A format that is missing is refused before anything is done. */
export interface Shown {
  readonly simple: string;
  readonly json?: string;
  readonly fields?: string;
  readonly table?: string;
  /** What is not well, to be told after the output. */
  readonly failure?: Error;
}

/** A command that works on an etcd cluster through its EtcdServer. */
export interface ServerCommandDefinition<Options> extends Pick<
  CommandDefinition<Options>,
  'use' | 'description' | 'examples' | 'flags'
> {
  /** The formats that `run` shows, as etcdctl has them. */
  readonly formats: readonly OutputFormat[];
  parse(invocation: Invocation): Options;
  run(options: Options, server: EtcdServer, context: Context): Promise<Shown>;
}

/** Makes a command with `-w`/`-o` out of what it does and shows. */
export function defineServerCommand<Options>(definition: ServerCommandDefinition<Options>): Command {
  const { formats, use, description, examples } = definition;
  return defineCommand<{ readonly own: Options; readonly format: OutputFormat }>({
    use,
    description,
    examples,
    flags: [...definition.flags, ...formatFlags(formats)],
    parse: (invocation) => ({ own: definition.parse(invocation), format: formatOf(invocation, formats) }),
    async run({ own, format }, context) {
      const server = await context.etcdServer();
      try {
        const shown = await definition.run(own, server, context);
        context.streams.out.write(shown[format] ?? shown.simple);
        if (shown.failure !== undefined) throw shown.failure;
      } finally {
        server.close();
      }
    },
  });
}

function formatFlags(formats: readonly OutputFormat[]): Flag[] {
  const usage = `Output format: ${formats.join(', ')}.`;
  const common = { type: 'string', default: 'simple', values: formats } as const;
  return [
    { ...common, name: 'write-out', short: 'w', usage },
    { ...common, name: 'output', short: 'o', usage: `The same as --write-out.` },
  ];
}

const ALL_FORMATS: readonly OutputFormat[] = ['simple', 'table', 'json', 'fields'];

/** A command that has one form alone shows it whatever is asked for, as etcdctl's does. */
function formatOf({ flags, env }: Invocation, formats: readonly OutputFormat[]): OutputFormat {
  const name = flags.changed('output') ? 'output' : 'write-out';
  const text = flags.given(name) ?? (env['ETCDCTL_WRITE_OUT'] || 'simple');
  const format = formats.find((each) => each === text);
  if (format !== undefined) return format;
  if (formats.length === 1 && ALL_FORMATS.some((each) => each === text)) return 'simple';
  throw new UserError(`--${name} must be one of ${formats.join(', ')} for this command, not ${JSON.stringify(text)}`);
}

/** All formats but the table of an answer that a line of text tells; `fields` follow its header. */
export function showAnswer(
  answer: { readonly header: AnswerHeader | null },
  simple: string,
  fields: readonly string[] = [],
): Shown {
  return { simple, json: answerJson(answer), fields: lines([...headerFields(answer.header), ...fields]) };
}

/** Rows as etcdctl's `-w simple` and `-w table` print them. */
export function showRows(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): Required<Pick<Shown, 'simple' | 'table'>> {
  return { simple: lines(rows.map((row) => row.join(', '))), table: etcdctlTable(header, rows) };
}

/** Texts with a line feed behind each. */
export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
