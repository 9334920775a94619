import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The test files that take seconds, those that keep processors busy (many processes) and those that mostly wait (for
 * etcds, leases and clocks) by turns: workers that start with them never wait for one file at the end of a run.
 */
export const LONG_FILES: readonly string[] = [
  'transcripts/etcd',
  'faults/api',
  'transcripts/kubectl-on-etcd',
  'faults/etcd-outages',
  'transcripts/api',
  'faults/etcd-members',
  'transcripts/kubectl',
  'commands/etcd/cluster',
  'transcripts/local',
  'faults/linearizability',
  'faults/counter',
  'storage/etcd/faults',
  'peers/comparison',
  'faults/hostile-connections',
  'bench',
  'storage/etcd/connecting',
  'peers/discovery',
  'faults/fuzz',
  'commands/undelete/undelete',
  'faults/local-store',
  'peers/kustomize',
  'contract/etcd-http-storage',
  'etcd/live/safe-writes',
  'storage/local/processes',
  'peers/describe',
  'contract/etcd-storage',
  'peers/go-template',
  'commands/completion/zsh',
  'peers/helm',
  'faults/etcd-race',
  'peers/config',
  'faults/serve-load',
  'etcd/database/etcd-database',
  'apiserver/fuzz/manifests',
  'peers/patch',
  'peers/logs-exec',
].map((name) => `test/${name}.test.ts`);

/** Starts the long test files first, in the order of `LONG_FILES`, so that a clean machine needs no memory of former runs. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const at = LONG_FILES.indexOf(path.relative(project.config.root, moduleId));
      return at === -1 ? LONG_FILES.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
