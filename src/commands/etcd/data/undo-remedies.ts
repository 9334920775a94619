import type { Finding } from '../../../etcd/doctor/finding.ts';
import { keyText } from '../../../etcd/show-key-value.ts';
import { readJournal } from '../../../etcd/undo/read-journal.ts';
import { undoFolder } from '../../../etcd/undo/undo-folder.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { Context } from '../../context.ts';

/** Faults of a value that an older value of the same key would mend. */
const OF_VALUE: readonly string[] = ['damaged-value', 'wrong-kind', 'wrong-key', 'cannot-decrypt'];

/** The findings, with `etcd undo` as the remedy where this machine keeps what the value was before. */
export async function undoRemedies(
  findings: readonly Finding[],
  storage: Storage,
  context: Context,
): Promise<readonly Finding[]> {
  if (!findings.some(({ code }) => OF_VALUE.includes(code)) || (await context.backend()) !== 'etcd') return findings;
  const folder = await undoFolder(storage, context);
  if (folder === undefined) return findings;
  const kept = new Map(
    readJournal(folder)
      .filter(({ undoneAt }) => undoneAt === undefined)
      .map(({ key, id }) => [keyText(key), id]),
  );
  return findings.map((finding) => {
    const id = OF_VALUE.includes(finding.code) ? kept.get(finding.subject) : undefined;
    if (id === undefined) return finding;
    return { ...finding, remedy: `${context.programName} etcd undo ${id} brings back the value before` };
  });
}
