import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandLine, type RanLine, ranAlike } from './ran-alike.ts';
import { localCommands } from './set-inputs.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 8);
/** Command lines that are tried at once. */
const BATCH = 4;

/** Found by these tests, once. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'a quantity with blanks around it': ['set', 'resources', '--limits=cpu= 1 '],
  'a service account without a namespace before one that is none': ['set', 'subject', '--serviceaccount=:u', '--serviceaccount=v'],
  'a service account that is none before one without a namespace': ['set', 'subject', '--serviceaccount=v', '--serviceaccount=:u'],
  'a selector, which --local does not look at': ['label', 'a=b', '-l', 'none=this'],
  'the last label removed': ['label', 'app-', '-o', 'yaml'],
  'a label that is not there removed': ['label', 'none-', '-o', 'json'],
  'labels changed and listed': ['label', 'new=1', '--list'],
  'a resource version for what may be several': ['label', 'a=b', '--resource-version=1'],
  'annotations of a resource': ['annotate', 'pods', 'x', 'a=b'],
  'an image for what has no containers': ['set', 'image', 'web=x'],
  'an image for containers that are not there': ['set', 'image', 'none=x'],
  'variables of what has no containers listed': ['set', 'env', '--list'],
  'variables that are there': ['set', 'env', 'A=2', '--overwrite=false'],
}; // prettier-ignore
/** Lines with a fault besides their --output and --dry-run; kubectl tells of one of them. */
const FAULTY = [
  'set image a=b c', 'set env', 'set env a=b c', 'label pods x a=b c', 'annotate pods x a=b c', 'patch', 'replace', 'wait pod x',
  'scale', 'run x', 'run x --image=a --restart=no', 'create', 'create role x', 'create role', 'create secret tls x', 'create deployment x',
  'create cm x --from-literal=a', 'events --types=x', 'rollout undo',
]; // prettier-ignore
const OBJECTS = [
  '{"kind":"Service","apiVersion":"v1","metadata":{"name":"s","labels":{"app":"a"}}}',
  '{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"r"}}',
  '{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"d","labels":{"app":""}},"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"1"}],"resources":{"limits":{"cpu":"1.10G","x":1000}}}]}}}}',
];
/** A value that cannot be of its type, alone and in a list. */
const MISTYPED = '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x"},"spec":{"hostNetwork":"x"}}';

/**
 * Without the place where the scheme was built, and without what Go's random order of map keys decides: the order of lists and
 * of images, and which of several values that are there is named.
 */
function comparable(lines: readonly RanLine[]): RanLine[] {
  const sorted = (text: string) => text.split('\n').toSorted().join('\n');
  return lines.map((line) => ({
    ...line,
    stdout: line.argv.includes('--list') ? sorted(line.stdout) : line.stdout,
    stderr: sorted(line.stderr.replace(/in scheme "[^"]*"/, 'in scheme')).replaceAll(
      /'[^']*' already has a value \([^)]*\)/g,
      'KEY already has a value',
    ),
  }));
}

async function agree(lines: readonly CommandLine[]): Promise<void> {
  const { ours, theirs } = await ranAlike(lines, { setting: { env: { KUBECONFIG: '/dev/null' } } });
  expect(comparable(ours)).toEqual(comparable(theirs));
}

describe('changes without a server, as the real kubectl makes them', () => {
  it('in the examples', async () => {
    const inputs = [OBJECTS[2] ?? '', OBJECTS.join('\n---\n')];
    const lines = Object.values(EXAMPLES).flatMap((argv) => {
      return inputs.map((input) => ({ argv: [...argv, '--local', '-f', '-'], input }));
    });
    await agree(lines);
  });

  it('telling first of the fault that it tells first', async () => {
    const lines = FAULTY.flatMap((line) => {
      const argv = line.split(' ');
      return [
        { argv: [...argv, '--output=wide'] },
        ...(argv[0] === 'events' ? [] : [{ argv: [...argv, '--dry-run=x'] }]),
      ];
    });
    await agree(lines);
  });

  it('of values that are of a wrong type', async () => {
    const list = (items: readonly string[]) => `{"kind":"List","apiVersion":"v1","items":[${items.join(',')}]}`;
    const inputs = [
      MISTYPED,
      `${MISTYPED}\n---\n${MISTYPED}`,
      list([MISTYPED]),
      list([MISTYPED, MISTYPED]),
      `${list([MISTYPED])}\n---\n${MISTYPED}`,
      MISTYPED.replace('"x"}}', '"1Q"}}').replace('hostNetwork', 'overhead'),
      MISTYPED.replace('"Pod"', '"Foo"'),
    ];
    await agree(inputs.map((input) => ({ argv: ['set', 'image', 'web=x', '--local', '-f', '-'], input })));
    const patch = ['patch', '--local', '-f', '-', '-p', '{}'];
    await agree([{ argv: patch, input: MISTYPED.replace('"Pod"', '"Foo"') }]);
  });

  it.each(Object.entries(localCommands))('%s', async (_name, lines) => {
    await fc.assert(fc.asyncProperty(fc.array(lines, { minLength: BATCH, maxLength: BATCH }), agree), {
      numRuns: Math.ceil(RUNS / BATCH),
      endOnFailure: true,
    });
  });
});
