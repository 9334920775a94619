import { describe, expect, it } from 'vitest';
import { scale } from '../../src/commands/scale/scale.ts';
import { optionsOf } from './options-of.ts';

describe('scale: arguments', () => {
  it.each([
    [
      'deployment web --replicas=3',
      { replicas: 3, currentReplicas: -1, resourceVersion: '', timeout: 0, dryRun: 'none' },
    ],
    ['deploy/web --replicas 0 --current-replicas=2', { replicas: 0, currentReplicas: 2 }],
    ['deploy/web --replicas=1 --resource-version=12 --timeout=1m30s', { resourceVersion: '12', timeout: 90 }],
    ['deploy --all --replicas=1', { request: { args: ['deploy'], all: true } }],
    ['deploy -l app=web --replicas=1', { request: { labelSelector: 'app=web', all: false } }],
    [
      '-f a.yaml,b.yaml -R --replicas=1 --dry-run=server',
      { request: { filenames: ['a.yaml', 'b.yaml'], recursive: true }, dryRun: 'server' },
    ],
  ])('%s', (line, expected) => {
    expect(optionsOf(scale, line)).toMatchObject(expected);
  });

  it.each([
    ['deployment web', 'required flag(s) "replicas" not set'],
    [
      'deployment web --replicas=-1',
      'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
    ],
    [
      'deployment web --replicas=1 --current-replicas=-2',
      'The --current-replicas must specify an integer of -1 or greater',
    ],
    [
      'deployment web --replicas=x',
      'invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      'deployment web --replicas=1 --timeout=5',
      'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"',
    ],
    [
      'deployment web --replicas=1 --dry-run=maybe',
      'Invalid dry-run value (maybe). Must be "none", "server", or "client".',
    ],
  ])('%s is refused', (line, message) => {
    expect(() => optionsOf(scale, line)).toThrow(message);
  });
});
