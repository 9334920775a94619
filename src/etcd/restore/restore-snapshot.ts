import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../model/user-error.ts';
import { BboltFile } from '../bbolt/bbolt-file.ts';
import { EtcdDatabase } from '../database/etcd-database.ts';
import type { NewCluster, NewMember } from './cluster-members.ts';
import { firstLog, firstSnapshot, LOG_FILE_NAME, LOG_FILE_SIZE } from './first-log.ts';
import { writeDatabase } from './write-database.ts';

/** Where one member's data comes to be. */
export interface MemberTarget {
  readonly member: NewMember;
  /** Must not exist. */
  readonly dataDir: string;
  /** Where the log goes when it is not in the data directory. Must not exist. */
  readonly walDir: string | undefined;
}

export interface RestoreOptions {
  /** A snapshot, a database file or the data directory of a stopped member. */
  readonly file: string;
  readonly cluster: NewCluster;
  readonly targets: readonly MemberTarget[];
  readonly skipHashCheck: boolean;
  /** How much the newest revision is raised, with everything before it marked as compacted; 0 leaves it. */
  readonly bumpRevision: number;
  readonly signal: AbortSignal;
}

export interface RestoreResult {
  /** The newest revision of the restored members. */
  readonly revision: number;
  /** What a person should know of the file. */
  readonly warning: string | undefined;
}

/** A directory under the name that it has until all of them are complete. */
interface Staged {
  readonly temporary: string;
  readonly final: string;
}

/**
 * Makes new data directories of a snapshot for the members of a new cluster; etcd 3.4 and newer start on them. All of them
 * appear complete, or none does: they are made beside their places and then renamed. Rejects with UserError when a directory
 * exists or the snapshot has no hash, and with what EtcdDatabase.open and reading reject with; nothing is left behind then.
 */
export async function restoreSnapshot(options: RestoreOptions): Promise<RestoreResult> {
  const { file, targets, skipHashCheck, bumpRevision } = options;
  for (const target of targets) refuseExisting(target);
  const database = await EtcdDatabase.open(file, { skipHashCheck });
  const { hashChecked, path: source, revision, warning } = database;
  database.close();
  if (!hashChecked && !skipHashCheck) {
    throw new UserError(
      `${source}: snapshot missing hash but --skip-hash-check=false: it is no snapshot that was saved by etcd; give --skip-hash-check when it is the database of a member that is stopped`,
    );
  }
  const raisedRevision = bumpRevision > 0 ? revision + bumpRevision : undefined;
  if (raisedRevision !== undefined && !Number.isSafeInteger(raisedRevision)) {
    throw new UserError(
      `--bump-revision ${bumpRevision} raises the revision ${revision} beyond what is counted exactly`,
    );
  }
  const staged: Staged[] = [];
  try {
    await stageAll(options, { source, raisedRevision }, staged);
    publish(staged);
  } finally {
    for (const { temporary } of staged) fs.rmSync(temporary, { recursive: true, force: true });
  }
  return { revision: raisedRevision ?? revision, warning };
}

async function stageAll(
  { cluster, targets, signal }: RestoreOptions,
  { source, raisedRevision }: { source: string; raisedRevision: number | undefined },
  staged: Staged[],
): Promise<void> {
  const snapshot = firstSnapshot(cluster);
  let firstDatabase: string | undefined;
  for (const { member, dataDir, walDir } of targets) {
    const data = stage(dataDir, staged);
    const snapDir = path.join(data, 'member', 'snap');
    fs.mkdirSync(snapDir, { recursive: true, mode: 0o700 });
    const database = path.join(snapDir, 'db');
    if (firstDatabase === undefined) {
      const file = BboltFile.open(source);
      try {
        await writeDatabase(file, database, { cluster, raisedRevision, signal });
      } finally {
        file.close();
      }
    } else {
      // The members of one cluster begin with the same database.
      await fs.promises.copyFile(firstDatabase, database, fs.constants.COPYFILE_FICLONE);
      syncFile(database);
    }
    firstDatabase ??= database;
    writeDurably(path.join(snapDir, snapshot.name), snapshot.content);
    const log = walDir === undefined ? path.join(data, 'member', 'wal') : stage(walDir, staged);
    fs.mkdirSync(log, { recursive: true, mode: 0o700 });
    writeDurably(path.join(log, LOG_FILE_NAME), firstLog(cluster, member), LOG_FILE_SIZE);
    for (const folder of [log, snapDir, path.join(data, 'member'), data]) syncFile(folder);
    signal.throwIfAborted();
  }
}

function refuseExisting({ dataDir, walDir }: MemberTarget): void {
  if (fs.existsSync(dataDir)) throw new UserError(`data-dir ${JSON.stringify(dataDir)} exists`);
  if (walDir !== undefined && fs.existsSync(walDir)) throw new UserError(`wal-dir ${JSON.stringify(walDir)} exists`);
}

/** Makes a directory beside its final place, where a rename is enough. */
function stage(final: string, staged: Staged[]): string {
  const temporary = `${path.resolve(final)}.restoring-${randomBytes(4).toString('hex')}`;
  fs.mkdirSync(path.dirname(temporary), { recursive: true });
  fs.mkdirSync(temporary, { mode: 0o700 });
  staged.push({ temporary, final: path.resolve(final) });
  return temporary;
}

/** Renames all, or takes back what was renamed. */
function publish(staged: readonly Staged[]): void {
  const done: Staged[] = [];
  try {
    for (const each of staged) {
      if (fs.existsSync(each.final)) throw new UserError(`${each.final} was made by someone else in the meantime`);
      fs.renameSync(each.temporary, each.final);
      done.push(each);
    }
    for (const { final } of staged) syncFile(path.dirname(final));
  } catch (error) {
    for (const { temporary, final } of done) fs.renameSync(final, temporary);
    throw error;
  }
}

function writeDurably(file: string, content: Buffer, size = content.length): void {
  const descriptor = fs.openSync(file, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, content);
    if (size > content.length) fs.ftruncateSync(descriptor, size);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Waits until a file, or the names in a directory, are on the disk. */
function syncFile(file: string): void {
  const descriptor = fs.openSync(file, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
