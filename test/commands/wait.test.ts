import { describe, expect, it } from 'vitest';
import { objectCondition, waitCondition } from '../../src/commands/wait/wait-condition.ts';
import { wait } from '../../src/commands/wait/wait.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { optionsOf } from './options-of.ts';

describe('wait: arguments', () => {
  it.each([
    ['pod/p --for=delete', { conditions: [{ kind: 'delete' }], timeout: 30, any: false, failOn: [] }],
    ['pod/p --for=Create --timeout=0', { conditions: [{ kind: 'create' }], timeout: 0 }],
    [
      'pod/p --for=condition=Ready --timeout=-1s',
      { conditions: [{ kind: 'object', text: 'condition=Ready' }], timeout: 604_800 },
    ],
    ['pods --all -A --for=delete', { request: { all: true, allNamespaces: true } }],
    [
      'job/j --any --for=condition=Complete --for=condition=Failed',
      { any: true, conditions: [{ text: 'condition=Complete' }, { text: 'condition=Failed' }] },
    ],
    ['job/j --for=condition=Complete --fail-on=condition=Failed', { failOn: [{ text: 'condition=Failed' }] }],
  ])('%s', (line, expected) => {
    expect(optionsOf(wait, line)).toMatchObject(expected);
  });

  it.each([
    ['pod/p', 'unrecognized condition: ""'],
    ['pod/p --for=nonsense', 'unrecognized condition: "nonsense"'],
    ['pod/p --for=Condition=Ready', 'unrecognized condition: "Condition=Ready"'],
    ['pod/p --for=jsonpath=', 'jsonpath expression cannot be empty'],
    [
      'pod/p --for=jsonpath={.a}=',
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    ],
    [
      'pod/p --for=jsonpath={.a}=1=2',
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    ],
    ['pod/p --for=delete --fail-on=delete', 'unrecognized condition: "delete"'],
    ['pod/p --for=delete --local', 'you must specify resources by --filename when --local is set.'],
  ])('%s is refused', (line, message) => {
    expect(() => optionsOf(wait, line)).toThrow(message);
  });
});

describe('wait: conditions', () => {
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', generation: 3 },
    spec: { replicas: 2, paused: false, template: { a: 1 }, ports: [1, 2] },
    status: {
      observedGeneration: 3,
      conditions: [
        { type: 'Available', status: 'True' },
        { type: 'Old', status: 'True', observedGeneration: 2 },
        { type: 'Progressing', status: 'False' },
      ],
    },
  };
  it.each([
    ['condition=Available', true],
    ['condition=available=TRUE', true],
    ['condition=Available=False', false],
    ['condition=Progressing', false],
    ['condition=Progressing=false', true],
    ['condition=Absent', false],
    ['condition=Old', false],
    ['jsonpath={.spec.replicas}=2', true],
    ['jsonpath={.spec.replicas}="2"', true],
    ['jsonpath=.spec.replicas=3', false],
    ['jsonpath=spec.paused=false', true],
    ['jsonpath={.spec.absent}', false],
    ['jsonpath={.spec.template}', true],
    ['jsonpath={.status.conditions[?(@.type=="Available")].status}=True', true],
  ])('%s: %s', (text, expected) => {
    expect(objectCondition(text).holds(object)).toBe(expected);
  });

  it('does not compare what is no single value', () => {
    expect(() => objectCondition('jsonpath={.spec.template}=1').holds(object)).toThrow(
      'jsonpath leads to a nested object or list which is not supported',
    );
    expect(() => objectCondition('jsonpath={.spec.ports[*]}=1').holds(object)).toThrow(
      'given jsonpath expression matches more than one value',
    );
  });

  it('ignores what was said of an older generation', () => {
    const changed = { ...object, metadata: { ...object.metadata, generation: 4 } };
    expect(objectCondition('condition=Available').holds(changed)).toBe(false);
  });

  it('reads create and delete in any case', () => {
    expect([waitCondition('DELETE'), waitCondition('Create')]).toEqual([{ kind: 'delete' }, { kind: 'create' }]);
  });
});
