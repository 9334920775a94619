import { describe, expect, it } from 'vitest';
import { parseTaints } from '../../src/commands/taint/parse-taints.ts';
import { taint } from '../../src/commands/taint/taint.ts';
import { optionsOf } from './options-of.ts';

describe('taint', () => {
  it.each([
    [
      'nodes n1 k=v:NoSchedule',
      {
        type: 'nodes',
        request: { args: ['nodes', 'n1'] },
        changes: { add: [{ key: 'k', value: 'v', effect: 'NoSchedule' }], remove: [] },
      },
    ],
    [
      'node n1 n2 k:NoExecute a- b:NoExecute-',
      {
        request: { args: ['nodes', 'n1', 'n2'] },
        changes: {
          add: [{ key: 'k', effect: 'NoExecute' }],
          remove: [{ key: 'a' }, { key: 'b', effect: 'NoExecute' }],
        },
      },
    ],
    [
      'nodes --all k=:NoSchedule --overwrite',
      {
        request: { args: ['nodes'], all: true },
        overwrite: true,
        changes: { add: [{ key: 'k', effect: 'NoSchedule' }] },
      },
    ],
    [
      'nodes -l a=b x.y/k=v:PreferNoSchedule',
      {
        request: { labelSelector: 'a=b' },
        changes: { add: [{ key: 'x.y/k', value: 'v', effect: 'PreferNoSchedule' }] },
      },
    ],
  ])('%s', (line, expected) => {
    expect(optionsOf(taint, line)).toMatchObject(expected);
  });

  it.each([
    ['', 'one or more resources must be specified as <resource> <name>'],
    ['nodes n1', 'at least one taint update is required'],
    ['nodes n1 k=v:NoSchedule n2', 'all resources must be specified before taint changes: n2'],
  ])('%s is refused', (line, message) => {
    expect(() => optionsOf(taint, line)).toThrow(message);
  });

  it.each([
    ['k=v:Bad', 'invalid taint effect: Bad, unsupported taint effect'],
    ['k', 'invalid taint spec: k'],
    ['k=v', 'invalid taint spec: k=v, name part must consist of alphanumeric characters'],
    ['k=v=w:NoSchedule', 'invalid taint spec: k=v=w:NoSchedule'],
    ['k:NoSchedule:x', 'invalid taint spec: k:NoSchedule:x'],
    ['k=a b:NoSchedule', 'invalid taint spec: k=a b:NoSchedule, a valid label must be an empty string or consist of'],
  ])('%s is no taint', (text, message) => {
    expect(() => parseTaints([text])).toThrow(message);
  });

  it('takes a key and effect once', () => {
    expect(() => parseTaints(['k=v:NoSchedule', 'k=w:NoSchedule'])).toThrow(
      'duplicated taints with the same key and effect: {k w NoSchedule <nil>}',
    );
    expect(parseTaints(['k=v:NoSchedule', 'k=w:NoExecute']).add).toHaveLength(2);
  });
});
