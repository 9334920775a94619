import { describe, expect, it } from 'vitest';
import { cordon, uncordon } from '../../src/commands/drain/cordon.ts';
import { drain } from '../../src/commands/drain/drain.ts';
import { isLongDeleted } from '../../src/commands/drain/pods-to-remove.ts';
import { UsageError } from '../../src/commands/usage-error.ts';
import { optionsOf } from './options-of.ts';

describe('cordon, uncordon and drain: arguments', () => {
  it('read nodes by name, with and without their type, or by label', () => {
    expect(optionsOf(cordon, 'n1 node/n2')).toMatchObject({
      request: { args: ['nodes/n1', 'node/n2'] },
      dryRun: 'none',
    });
    expect(optionsOf(uncordon, '-l a=b --dry-run=server')).toMatchObject({
      request: { args: ['nodes'], labelSelector: 'a=b' },
      dryRun: 'server',
    });
    expect(
      optionsOf(
        drain,
        'n1 --force --ignore-daemonsets --delete-emptydir-data --timeout=1m --grace-period=5 --pod-selector=a=b',
      ),
    ).toMatchObject({
      request: { args: ['nodes/n1'] },
      force: true,
      ignoreDaemonSets: true,
      deleteEmptyDirData: true,
      timeout: { seconds: 60, text: '1m' },
      gracePeriod: 5,
      podSelector: 'a=b',
      chunkSize: 500,
      disableEviction: false,
    });
  });

  it('refuse what does not go together', () => {
    expect(() => optionsOf(cordon, '')).toThrow(new UsageError('USAGE: cordon NODE [flags]'));
    expect(() => optionsOf(drain, 'n1 -l a=b')).toThrow(
      new UsageError('error: cannot specify both a node name and a --selector option'),
    );
    expect(() => optionsOf(drain, 'n1 --pod-selector=a=(b')).toThrow(
      '--pod-selector=<pod_selector> must be a valid label selector',
    );
  });

  it('wait for pods unless they have been going for long', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const now = new Date('2026-01-01T00:00:10.900Z');
    expect(isLongDeleted(pod, 9, now)).toBe(true);
    expect(isLongDeleted(pod, 10, now)).toBe(false);
    expect(isLongDeleted(pod, 0, now)).toBe(false);
    expect(isLongDeleted({ ...pod, metadata: {} }, 9, now)).toBe(false);
  });
});
