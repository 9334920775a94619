import fc from 'fast-check';
import type { CommandLine } from './ran-alike.ts';
import { labelSelectors } from './selector-inputs.ts';

type Words = fc.Arbitrary<readonly string[]>;

const word = fc.constantFrom('a', 'b', 'x-1', 'A', 'é', '', 'a b', '1', 'a.b', 'x/y');
const name = fc.constantFrom('n', 'n', 'n', 'n.x', 'N', 'n-', '1', 'é', '');

/** A flag of a value, given some times. */
function flag(own: string, value: fc.Arbitrary<string>, most = 1): Words {
  return fc.array(
    value.map((each) => `--${own}=${each}`),
    { maxLength: most },
  );
}
const choice = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const bool = (own: string): Words => fc.constantFrom([], [], [`--${own}`], [`--${own}=false`]);
const pair = fc
  .tuple(choice('a', 'b', 'a.b', '', 'a b', '-x', 'é', '..'), choice('=', '=', '=', '=', '', '=='), choice('1', '', 'x y', '=', 'é\n', '\u0000'.slice(1)))
  .map((parts) => parts.join('')); // prettier-ignore
const container: Words = fc.constantFrom(
  [],
  [],
  ['--', 'date'],
  ['--', 'a', '-b', ''],
  ['extra'],
  ['extra', '--', 'x'],
);

const GENERATORS: readonly (readonly [string, ...Words[]])[] = [
  ['configmap', flag('from-literal', pair, 3), bool('append-hash')],
  ['secret generic', flag('from-literal', pair, 3), flag('type', choice('Opaque', 'x/y', '')), bool('append-hash')],
  [
    'secret docker-registry',
    flag('docker-username', word),
    flag('docker-password', word),
    flag('docker-email', word),
    flag('docker-server', choice('x.io', '', 'https://y')),
  ],
  ['namespace'],
  ['serviceaccount'],
  ['deployment', flag('image', choice('a/b:1', 'c', 'x@sha256:1', '', 'a b', 'r:5/x'), 2), flag('replicas', choice('0', '3', '-1', 'x', '1.5', '99999999999')), flag('port', choice('80', '-1', '0', 'x', '70000')), container],
  ['job', flag('image', choice('a', 'b:1', '')), container],
  ['cronjob', flag('image', choice('a', 'b:1', '')), flag('schedule', choice('* * * * *', '@daily', '', 'x')), flag('restart', choice('Never', 'OnFailure', 'Always', 'x', '')), container],
  ['service clusterip', flag('tcp', choice('80', '80:8080', '80:http', 'x', '', '0', '80:', '70000', '80:70000', '1:2:3'), 2), flag('clusterip', choice('None', '10.0.0.1', '', 'x'))],
  ['service nodeport', flag('tcp', choice('80', '80:8080', '80:http', '81'), 2), flag('node-port', choice('30000', '0', '-1', 'x'))],
  ['service loadbalancer', flag('tcp', choice('80', '80:8080', 'a:b', '-1:2'), 2)],
  ['service externalname', flag('external-name', choice('x.io', '', 'a b', 'X')), flag('tcp', choice('80', '443:80'), 2)],
  ['quota', flag('hard', choice('cpu=1', 'cpu=1,pods=2', 'x', 'a=b=c', '=1', 'cpu=', 'cpu=1,cpu=2')), flag('scopes', choice('BestEffort', 'x,y', ',', 'BestEffort,BestEffort', ''))],
  ['pdb', flag('selector', labelSelectors), flag('min-available', choice('1', '50%', '-1', 'x', '1.5', '150%', '')), flag('max-unavailable', choice('1', '10%', '%'))],
  ['priorityclass', flag('value', choice('1', '-5', 'x', '2147483648', '1e3')), flag('description', word), bool('global-default'), flag('preemption-policy', choice('Never', 'PreemptLowerPriority', 'x', ''))],
  ['rolebinding', flag('role', choice('r', '')), flag('clusterrole', choice('c', '')), flag('user', word, 2), flag('group', word, 2), flag('serviceaccount', choice('a:b', ':b', 'a:', 'a', 'a:b:c'), 2)],
  ['clusterrolebinding', flag('clusterrole', choice('c', '', 'a:b')), flag('user', word, 2), flag('group', word, 2), flag('serviceaccount', choice('a:b', ':b', 'a:', 'a'), 2)],
  ['ingress', flag('rule', choice('foo.com/bar*=svc:80,tls=s', 'foo.com/=svc:http', '/x=y:1', 'x', 'a/b=c', '*.x.com/=a:b,tls', 'foo.com/bar=svc:80,tls', 'a/b=c:d:e', '/=a:', 'foo/b*=s:70000', 'foo.com/p=a:1,tls=x,tls=y'), 3), flag('default-backend', choice('d:80', 'd:http', 'd', ':1', 'd:')), flag('class', choice('c', '')), flag('annotation', pair, 2)],
]; // prettier-ignore

const common = fc.constantFrom<readonly string[]>(
  ['-o', 'json'], ['-o', 'yaml'], ['-o', 'name'], [], ['-o', 'yaml', '-n', 'other'], ['-o', 'kyaml'], ['-o', 'json', '--save-config'], ['-o', 'jsonpath={.kind}'],
); // prettier-ignore

/** `create` with each of its generators, most of the flags in order. What follows `--` stays last. */
export const generatorLines: fc.Arbitrary<CommandLine> = fc.constantFrom(...GENERATORS).chain(([own, ...parts]) =>
  fc.tuple(name, common, fc.tuple(...parts)).map(([given, form, flags]) => {
    const words = flags.flat();
    const dash = words.indexOf('--');
    words.splice(dash < 0 ? words.length : dash, 0, '--dry-run=client', ...form);
    return { argv: ['create', ...own.split(' '), ...(given === '' ? [] : [given]), ...words] };
  }),
);
