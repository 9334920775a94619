import type { Column } from './columns.ts';
import { runTranscript } from './replay.ts';
import { readTranscript } from './transcript.ts';
import { writeTranscript } from './write-transcript.ts';

/**
 * Which transcripts are to be recorded instead of compared: those whose name `$KUBE_LITE_RECORD`, a regular expression, accepts.
 *
 * To record one, write its file with the files, the comments and the `$` lines only, and run
 *
 *     npm run build && KUBE_LITE_RECORD=change/rollout npm run test:unit -- test/transcripts/kubectl.test.ts
 *
 * Then the real kubectl runs it on `kube-lite serve`, and what it printed is written into the file. That is a recording of
 * kubectl, but of our own API server: read it, and mend the server where kube-apiserver would have answered differently.
 * Later runs compare all columns with it.
 */
export function isToBeRecorded(name: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const wanted = env['KUBE_LITE_RECORD'];
  return wanted !== undefined && wanted !== '' && new RegExp(wanted).test(name);
}

/** Runs a transcript in `column` and writes what its steps printed into its file. Answers how many they were. */
export async function record(file: string, column: Column): Promise<number> {
  const results = await runTranscript(readTranscript(file), (folder) => column.prepare(folder));
  writeTranscript(
    file,
    results.map(({ actual }) => actual),
  );
  return results.length;
}
