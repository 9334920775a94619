import fs from 'node:fs';
import { DatabaseStorage } from '../../../etcd/database/database-storage.ts';
import { diagnoseKeys, type KeysDiagnosis, type KeysRequest } from '../../../etcd/doctor/diagnose-keys.ts';
import { diagnosePast } from '../../../etcd/doctor/diagnose-past.ts';
import { alarmFinding, diagnoseServer } from '../../../etcd/doctor/diagnose-server.ts';
import { type Finding, severities, type Severity } from '../../../etcd/doctor/finding.ts';
import { sizeFindings } from '../../../etcd/doctor/size-findings.ts';
import { hexId } from '../../../etcd/member-id.ts';
import { printJson } from '../../../model/json-printer.ts';
import { UserError } from '../../../model/user-error.ts';
import { parseQuantity, quantityValue } from '../../../model/quantity.ts';
import { parseDuration } from '../../../model/duration.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Storage } from '../../../storage/storage.ts';
import { type Command, defineCommand } from '../../command.ts';
import type { Context, OutputStream } from '../../context.ts';
import type { FlagValues } from '../../flag-values.ts';
import { SilentExit } from '../../silent-exit.ts';
import { UsageError } from '../../usage-error.ts';
import { etcdctlSize } from '../etcdctl-table.ts';
import { undoRemedies } from './undo-remedies.ts';

interface DoctorOptions {
  readonly asJson: boolean;
  readonly quotaBytes: number | undefined;
  readonly stuckAfterMs: number;
  /** How many findings of one kind are shown; Infinity is all. */
  readonly top: number;
}

/** 1 is the status of a doctor who could not look. */
const STATUS: Record<Severity, number> = { info: 0, warning: 2, error: 3, critical: 4 };

/** `etcd doctor`: everything that is wrong with a store. */
export const etcdDoctor: Command = defineCommand<DoctorOptions>({
  use: 'doctor',
  description: `Look at every key and every member, and tell what is wrong, how bad it is and what mends it. Nothing is changed.

 Looked for are values that cannot be read, objects whose owner or namespace is gone, keys that are not their object's, versions and kinds that are old, deletions that hang, secrets in plain text where they should be encrypted, alarms, a database near its quota or mostly free space, members that are down or behind, and a past that nobody compacts.

 Exit status: 0 when all is well (findings of severity info do not count), 2 after warnings, 3 after errors, 4 after critical findings; 1 when the store could not be examined.`,
  examples: [
    { comment: 'Everything that is wrong', command: 'kubectl etcd doctor' },
    {
      comment: 'The same of a snapshot, for a program',
      command: 'kubectl etcd doctor -o json --etcd-snapshot=backup.db',
    },
  ],
  flags: [
    {
      name: 'quota-bytes',
      type: 'string',
      usage: "What etcd's --quota-backend-bytes is (8Gi, 8589934592); etcd's default is 2Gi.",
    },
    {
      name: 'stuck-after',
      type: 'duration',
      default: '1h',
      usage: 'How long after its time a deletion counts as one that hangs.',
    },
    { name: 'top', type: 'int', default: '10', usage: 'Show this many findings of a kind; 0 shows all. JSON has all.' },
    { name: 'output', short: 'o', type: 'string', values: ['json'], usage: 'Output format: json.' },
  ],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError(`doctor takes no arguments, got ${args.length}`);
    const output = flags.string('output');
    if (!['', 'json'].includes(output)) throw new UserError(`--output must be json, not ${JSON.stringify(output)}`);
    const top = flags.int('top');
    if (top < 0) throw new UserError(`--top must not be negative, got ${top}`);
    return {
      asJson: output === 'json',
      quotaBytes: quotaOf(flags),
      stuckAfterMs: Number(parseDuration(flags.string('stuck-after'))) / 1e6,
      top: top === 0 ? Number.POSITIVE_INFINITY : top,
    };
  },
  run,
});

function quotaOf(flags: FlagValues): number | undefined {
  const text = flags.given('quota-bytes');
  if (text === undefined) return undefined;
  try {
    const bytes = Number(quantityValue(parseQuantity(text)));
    if (bytes > 0) return bytes;
  } catch {
    // What is no quantity is no number of bytes either.
  }
  throw new UserError(`--quota-bytes is no number of bytes: ${JSON.stringify(text)}; want one such as 8Gi`);
}

async function run(options: DoctorOptions, context: Context): Promise<void> {
  const [storage, values, configured] = await Promise.all([
    context.storage(),
    context.values(),
    context.configuredValues(),
  ]);
  const program = context.programName;
  const around = await diagnoseAround(storage, options, context);
  const [diagnosis, past] = await examine(storage, around, {
    storage,
    prefix: context.keyPrefix,
    values,
    configured: configured !== undefined && (await context.backend()) === 'etcd',
    now: timeOf(storage, context),
    stuckAfterMs: options.stuckAfterMs,
    program,
    signal: context.signal,
  });
  const keys = await undoRemedies(diagnosis.findings, storage, context);
  const findings = [...around, ...past, ...keys].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
  const { out } = context.streams;
  if (options.asJson) out.write(jsonReport(diagnosis, findings));
  else showReport(diagnosis, findings, options.top, out);
  const [worst] = findings;
  const status = worst === undefined ? 0 : STATUS[worst.severity];
  if (status > 0) throw new SilentExit(status);
}

/** Reads all keys. An etcd that is known to be in trouble may refuse that, and then this is one more finding. */
async function examine(
  storage: Storage,
  around: readonly Finding[],
  request: KeysRequest,
): Promise<[KeysDiagnosis, Finding[]]> {
  try {
    const diagnosis = await diagnoseKeys(request);
    return [diagnosis, await diagnosePast(storage, diagnosis.revision, request.program)];
  } catch (error) {
    const inTrouble = around.some(({ severity }) => severity === 'critical');
    if (!(error instanceof StorageError) || !inTrouble) throw error;
    const finding: Finding = {
      severity: 'critical',
      code: 'not-readable',
      subject: `${request.prefix}/`,
      message: `the keys could not be examined: ${error.message}`,
      remedy: `stop a member and look at its data: ${request.program} etcd doctor --etcd-snapshot=DATA-DIRECTORY`,
    };
    return [{ findings: [finding], revision: 0, keys: 0, bytes: 0 }, []];
  }
}

/** A snapshot is judged by the time at which it was written. */
function timeOf(storage: Storage, context: Context): Date {
  return storage instanceof DatabaseStorage ? fs.statSync(storage.database.path).mtime : context.now();
}

/** What is around the keys: a server, a file, or a folder of ours. */
async function diagnoseAround(storage: Storage, { quotaBytes }: DoctorOptions, context: Context): Promise<Finding[]> {
  const program = context.programName;
  if (storage instanceof DatabaseStorage) {
    const { facts, sizeBytes, path } = storage.database;
    return [
      ...facts.alarms.map(({ alarm, member }) => alarmFinding(alarm, hexId(String(member)), program)),
      ...sizeFindings({ subject: path, sizeBytes, usedBytes: 0, quotaBytes, program }),
    ];
  }
  if ((await context.backend()) !== 'etcd') return [];
  const server = await context.etcdServer();
  try {
    return await diagnoseServer({ server, quotaBytes, program });
  } finally {
    server.close();
  }
}

function jsonReport({ revision, keys, bytes }: KeysDiagnosis, findings: readonly Finding[]): string {
  return `${printJson({ revision, keys, bytes, findings }, { indent: 4, sortKeys: false })}\n`;
}

function showReport(
  { revision, keys, bytes }: KeysDiagnosis,
  findings: readonly Finding[],
  top: number,
  out: OutputStream,
): void {
  out.write(`${keys} keys, ${etcdctlSize(bytes)} at revision ${revision}: ${summary(findings)}\n`);
  for (const { severity, code, subjects } of groups(findings)) {
    out.write(`\n${severity.toUpperCase()} ${code}: ${subjects.length}\n`);
    for (const { subject, message, remedy } of subjects.slice(0, top)) {
      out.write(`  ${subject}\n    ${message}\n    remedy: ${remedy}\n`);
    }
    const more = subjects.length - Math.min(subjects.length, top);
    if (more > 0) out.write(`  … and ${more} more (--top=0 shows all)\n`);
  }
}

function summary(findings: readonly Finding[]): string {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return counts.length === 0 ? 'nothing is wrong' : counts.join(', ');
}

interface Group extends Pick<Finding, 'severity' | 'code'> {
  readonly subjects: Finding[];
}

function groups(findings: readonly Finding[]): Group[] {
  const found = new Map<string, Group>();
  for (const finding of findings) {
    const { severity, code } = finding;
    const group = found.get(`${severity} ${code}`);
    if (group === undefined) found.set(`${severity} ${code}`, { severity, code, subjects: [finding] });
    else group.subjects.push(finding);
  }
  return [...found.values()];
}
