import fs from 'node:fs';
import path from 'node:path';
import { goFileError } from '../../../model/go-file-error.ts';
import { goQuote } from '../../../model/go-text.ts';
import { UserError } from '../../../model/user-error.ts';
import { archivePrefix, type FileSpec, isWithin } from './file-spec.ts';
import { type TarEntry, TarParser, type TarSink } from './tar-parser.ts';

/** Where an archive comes from and goes to. */
export interface Unpacking {
  readonly source: FileSpec;
  readonly destination: string;
  readonly programName: string;
  warn(line: string): void;
}

/**
 * A parser that writes the files of a remote path's archive as they come. What would land outside of the destination, and
 * every symbolic link, is skipped with a warning. Throws UserError for an archive of something else. Mirrors untarAll of
 * kubectl's pkg/cmd/cp.
 */
export function unpacker(unpacking: Unpacking): TarParser {
  const { source, destination } = unpacking;
  const warn = (line: string): void => unpacking.warn(line);
  const prefix = archivePrefix(source.file);
  let linkAdvised = false;
  const placeOf = (name: string): string => {
    if (!name.startsWith(prefix)) throw new UserError('tar contents corrupted');
    return path.join(destination, withoutBackslashes(name.slice(prefix.length))).replace(/(?<=.)\/$/, '');
  };
  return new TarParser((entry) => {
    const place = placeOf(entry.name);
    if (!isWithin(destination, place)) {
      warn(`warning: file ${goQuote(place)} is outside target destination, skipping`);
      return undefined;
    }
    makeFolder(path.dirname(place));
    switch (entry.type) {
      case 'folder':
        makeFolder(place);
        return undefined;
      case 'symlink':
        warn(
          `warning: skipping symlink: ${goQuote(place)} -> ${goQuote(entry.linkName)}${linkAdvised ? '' : advice(unpacking)}`,
        );
        linkAdvised = true;
        return undefined;
      case 'link':
        copyLinked(placeOf(entry.linkName), place, destination);
        return undefined;
      case 'file':
        return fileSink(place);
      case 'other':
        return skip(entry, place, warn);
    }
  });
}

function advice({ source, programName }: Unpacking): string {
  const { namespace, pod = '', file } = source;
  return ` (consider using "${programName} exec -n ${goQuote(namespace)} ${goQuote(pod)} -- tar cf - ${goQuote(file)} | tar xf -")`;
}

function skip({ name }: TarEntry, place: string, warn: (line: string) => void): undefined {
  warn(`warning: skipping special file: ${goQuote(place)} (${goQuote(name)})`);
  return undefined;
}

function withoutBackslashes(name: string): string {
  return name.replaceAll('\\', '/');
}

function makeFolder(folder: string): void {
  attempt('mkdir', folder, () => fs.mkdirSync(folder, { recursive: true, mode: 0o755 }));
}

function fileSink(place: string): TarSink {
  const file = attempt('open', place, () => fs.openSync(place, 'w', 0o666));
  return {
    write(data) {
      for (let done = 0; done < data.length;) {
        const from = done;
        done += attempt('write', place, () => fs.writeSync(file, data, from));
      }
    },
    end: () => fs.closeSync(file),
  };
}

/** A second name of a file that came before: its own copy here. */
function copyLinked(from: string, to: string, destination: string): void {
  if (!isWithin(destination, from)) throw new UserError('tar contents corrupted');
  attempt('open', from, () => fs.copyFileSync(from, to));
}

function attempt<T>(operation: string, place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR';
    const text = isFolder ? `${operation} ${place}: is a directory` : goFileError(operation, place, error);
    throw new UserError(text, { cause: error });
  }
}
