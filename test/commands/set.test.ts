import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { changedEnvironment, envChanges, splitEnvironment } from '../../src/commands/set/env-arguments.ts';
import { setEnv } from '../../src/commands/set/env.ts';
import { setImage } from '../../src/commands/set/image.ts';
import { setResources } from '../../src/commands/set/resources.ts';
import { matchesWildcard } from '../../src/commands/set/select-containers.ts';
import { setSelector } from '../../src/commands/set/selector.ts';
import { setServiceAccount } from '../../src/commands/set/serviceaccount.ts';
import { setSubject } from '../../src/commands/set/subject.ts';
import { optionsOf } from './options-of.ts';

const commands: Readonly<Record<string, Command>> = {
  image: setImage,
  env: setEnv,
  resources: setResources,
  selector: setSelector,
  serviceaccount: setServiceAccount,
  subject: setSubject,
};

function parse(line: string): unknown {
  const [name = '', ...words] = line.split(' ');
  const command = commands[name];
  if (command === undefined) throw new Error(`no command ${name}`);
  return optionsOf(command, words.join(' '));
}

describe('set: arguments', () => {
  it.each([
    [
      'image deployment/web main=nginx:2',
      {
        request: { args: ['deployment/web'] },
        images: new Map([['main', 'nginx:2']]),
        problems: [],
        fieldManager: 'kubectl-set',
      },
    ],
    [
      'image deploy web a=x=y b=',
      {
        request: { args: ['deploy', 'web'] },
        images: new Map([
          ['a', 'x=y'],
          ['b', ''],
        ]),
      },
    ],
    [
      'image -f d.yaml *=x --local -o yaml',
      { local: true, request: { filenames: ['d.yaml'], local: true }, format: { output: 'yaml' } },
    ],
    ['image deploy/web', { problems: ['at least one image update is required'] }],
    [
      'image deploy *=x a=y --all -l a=b',
      {
        problems: [
          'cannot set --all and --selector at the same time',
          'all containers are already specified by *, but saw more than one container_name=container_image pairs',
        ],
      },
    ],
    ['env deploy/web A=1 B- -e C=2', { words: ['C=2', 'A=1', 'B-'], bare: false, containers: '*', overwrite: true }],
    [
      'env deploy/web --from=cm/c --keys=a,b --prefix=P_',
      { from: { request: { args: ['cm/c'] }, keys: ['a', 'b'] }, prefix: 'P_', bare: true },
    ],
    ['env pod/p --list --resolve', { list: true, resolve: true, envFrom: false }],
    [
      'resources deploy web --limits=cpu=0.2,memory=1024Mi -c main',
      {
        limits: new Map([
          ['cpu', '200m'],
          ['memory', '1Gi'],
        ]),
        requests: new Map(),
        containers: 'main',
      },
    ],
    ['resources deploy web --limits=cpu', { problems: ['Invalid argument syntax cpu, expected <resource>=<value>'] }],
    [
      'resources deploy web',
      { problems: ['you must specify an update to requests or limits (in the form of --requests/--limits)'] },
    ],
    [
      'selector svc web a=b,c=d',
      { request: { args: ['svc', 'web'] }, selector: { matchLabels: { a: 'b', c: 'd' }, matchExpressions: [] } },
    ],
    ['selector svc/web a=b --resource-version=4', { resourceVersion: '4' }],
    [
      'serviceaccount deploy web robot --dry-run=client',
      { name: 'robot', request: { args: ['deploy', 'web'] }, dryRun: 'client' },
    ],
    [
      'subject rolebinding rb --user=b --user=a --group=g --serviceaccount=n:s',
      { users: ['a', 'b'], groups: ['g'], serviceAccounts: ['n:s'], problems: [] },
    ],
  ])('%s', (line, expected) => {
    expect(parse(line)).toMatchObject(expected);
  });

  it.each([
    ['image deploy/web main=x deploy/other', 'all resources must be specified before image changes: deploy/other'],
    ['image deploy/web main-', 'invalid image format: main-'],
    ['image deploy/web main=x --local', 'you must specify resources by --filename when --local is set.'],
    [
      'env deploy/web A=1 deploy/other',
      'all resources must be specified before environment changes: deploy/web A=1 deploy/other',
    ],
    ['env', 'one or more resources must be specified as <resource> <name> or <resource>/<name>'],
    ['env deploy/web --list -o yaml', '--list and --output may not be specified together'],
    ['env deploy/web --keys=a', 'when specifying --keys, a configmap or secret must be provided with --from'],
    ['env deploy --all -l a=b A=1', 'cannot set --all and --selector at the same time'],
    [
      'env -f x.yaml A=1 --local --dry-run=server',
      'cannot specify --local and --dry-run=server - did you mean --dry-run=client?',
    ],
    ['selector', 'one selector is required'],
    ['serviceaccount', 'serviceaccount is required'],
  ])('%s is refused', (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });
});

describe('set env', () => {
  it('parts resources from changes', () => {
    expect(splitEnvironment(['deploy', 'web', 'A=', 'B-', '-'])).toEqual({
      resources: ['deploy', 'web'],
      words: ['A=', 'B-', '-'],
    });
    expect(splitEnvironment(['=x'])).toEqual({ resources: ['=x'], words: [] });
  });

  it('reads changes, and lines of standard input', () => {
    expect(envChanges(['A=1=2', '-', 'C-'], 'X=1\n# Y=2\nZ=3 # three\nnothing\n')).toEqual({
      set: [
        { name: 'A', value: '1=2' },
        { name: 'X', value: '1' },
        { name: 'Z', value: '3 ' },
      ],
      remove: ['C'],
    });
    expect(() => envChanges(['A=1', 'A-'], '')).toThrow(
      'can not both modify and remove the same environment variable in the same command',
    );
    expect(() => envChanges(['a b=1'], '')).toThrow('"a b" is not a valid key name: ');
    expect(() => envChanges(['A'], '')).toThrow('unknown environment variable: A');
  });

  it('replaces in place, adds behind, and lets removal win', () => {
    const present = [
      { name: 'A', value: '1' },
      { name: 'B', value: '1' },
      { name: 'A', value: '2' },
      { name: 'D', value: '1' },
      { name: 'D', value: '2' },
    ];
    const changes = {
      set: [
        { name: 'A', value: '3' },
        { name: 'C', value: '4' },
        { name: 'B', value: '5' },
      ],
      remove: ['B'],
    };
    expect(changedEnvironment(present, changes)).toEqual([
      { name: 'A', value: '3' },
      { name: 'D', value: '1' },
      { name: 'D', value: '2' },
      { name: 'C', value: '4' },
    ]);
  });

  it.each([
    ['main', '*', true],
    ['main', 'main', true],
    ['main', 'mai', false],
    ['side-car', 'side*', true],
    ['side-car', '*car', true],
    ['side-car', '*side', false],
    ['a.b', 'a?b', false],
  ])('container %s for %s: %s', (name, pattern, expected) => {
    expect(matchesWildcard(name, pattern)).toBe(expected);
  });
});
