import { envVarNameMessages } from '../../model/names.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { type Cascade, cascadeOf } from '../cascade.ts';
import type { Invocation } from '../command.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import type { FlagValues } from '../flag-values.ts';
import { podRunningTimeoutOf } from '../pods/pods-of.ts';
import { printFormatOf } from '../print-format.ts';
import { durationSeconds } from '../timeout.ts';
import { UsageError } from '../usage-error.ts';
import { isImageReference } from './image-reference.ts';
import { FirstError } from '../first-error.ts';

/** What `run` was asked for. */
export interface RunOptions {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly restartPolicy: string;
  readonly args: readonly string[];
  /** Whether `args` are the container's command. */
  readonly command: boolean;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Undefined for the label that every pod of run has. */
  readonly labels: ReadonlyMap<string, string> | undefined;
  readonly annotations: ReadonlyMap<string, string>;
  readonly port: number | undefined;
  readonly privileged: boolean;
  readonly stdin: boolean;
  readonly leaveStdinOpen: boolean;
  readonly tty: boolean;
  readonly attach: boolean;
  readonly quiet: boolean;
  /** Milliseconds that the pod may take to run, and to end. */
  readonly podRunningTimeout: number;
  /** With --rm: how what was created is deleted. */
  readonly remove:
    | {
        readonly cascade: Cascade;
        readonly wait: boolean;
        /** Seconds; 0 for no limit. */
        readonly timeout: number;
      }
    | undefined;
  readonly expose: boolean;
  readonly overrides: string;
  readonly overrideType: string;
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly saveConfig: boolean;
  readonly format: PrintFormat;
}

/** Reads the command line of `run`. Throws UsageError and UserError in kubectl's words and order. */
export function parseRun({ args, flags, argsBeforeDash }: Invocation): RunOptions {
  if (!flags.changed('image')) throw new FirstError('required flag(s) "image" not set');
  const { dryRun } = dryRunOf(flags);
  const format = printFormatOf(flags);
  const cascade = cascadeOf(flags);
  const [name] = args;
  if (name === undefined || argsBeforeDash === 0) throw new UsageError('NAME is required for run');
  checkFlags(flags, dryRun);
  const labels = flags.string('labels');
  const stdin = flags.bool('stdin');
  const port = flags.string('port');
  return {
    name,
    image: flags.string('image'),
    imagePullPolicy: flags.string('image-pull-policy'),
    restartPolicy: flags.string('restart') || 'Always',
    args: args.slice(1),
    command: flags.bool('command'),
    env: flags.list('env').map(parseEnv),
    annotations: parseAnnotations(flags.list('annotations')),
    labels: labels === '' ? undefined : parseLabels(labels),
    port: port === '' ? undefined : parsePort(port),
    privileged: flags.bool('privileged'),
    stdin,
    leaveStdinOpen: flags.bool('leave-stdin-open'),
    tty: flags.bool('tty'),
    attach: attaches(flags),
    quiet: flags.bool('quiet'),
    podRunningTimeout: podRunningTimeoutOf(flags),
    remove: flags.bool('rm') ? removal(flags, cascade) : undefined,
    expose: flags.bool('expose'),
    overrides: flags.string('overrides'),
    overrideType: flags.string('override-type') || 'merge',
    dryRun,
    fieldManager: flags.string('field-manager'),
    saveConfig: flags.bool('save-config'),
    format,
  };
}

function removal(flags: FlagValues, cascade: Cascade): NonNullable<RunOptions['remove']> {
  return {
    cascade,
    wait: flags.bool('wait'),
    timeout: durationSeconds(flags.string('timeout')),
  };
}

function attaches(flags: FlagValues): boolean {
  return flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
}

function checkFlags(flags: FlagValues, dryRun: DryRun): void {
  const image = flags.string('image');
  if (image === '') throw new UserError('--image is required');
  if (!isImageReference(image)) {
    throw new UserError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
  }
  if (flags.bool('tty') && !flags.bool('stdin')) {
    throw new UsageError('-i/--stdin is required for containers with -t/--tty=true');
  }
  if (flags.bool('expose') && flags.string('port') === '') {
    throw new UsageError('--port must be set when exposing a service');
  }
  const restart = flags.string('restart');
  if (!['', 'Always', 'OnFailure', 'Never'].includes(restart)) {
    throw new UsageError(`invalid restart policy: ${restart}`);
  }
  if (flags.bool('rm') && !attaches(flags)) throw new UsageError('--rm should only be used for attached containers');
  if (attaches(flags) && dryRun !== 'none') {
    throw new UsageError(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  }
  const policy = flags.string('image-pull-policy');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) {
    throw new UsageError(`invalid image pull policy: ${policy}`);
  }
}

function parseEnv(text: string): { name: string; value: string } {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0));
  if (name === '' || envVarNameMessages(name).length > 0) throw new UserError(`invalid env: ${text}`);
  return { name, value: text.slice(at + 1) };
}

function parseAnnotations(texts: readonly string[]): Map<string, string> {
  const wrong = texts.filter((text) => text.indexOf('=') < 1);
  if (wrong.length > 0) throw new UserError(`invalid annotations format: ${wrong.join(', ')}`);
  return new Map(texts.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}

function parseLabels(text: string): Map<string, string> {
  return new Map(
    text.split(',').map((label): [string, string] => {
      const [key = '', value, ...more] = label.split('=');
      if (value === undefined || more.length > 0) throw new UserError(`unexpected label spec: ${label}`);
      if (key === '') throw new UserError('unexpected empty label key');
      return [key, value];
    }),
  );
}

function parsePort(text: string): number {
  if (/^[-+]?\d+$/.test(text)) return Number(text);
  throw new UserError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}
