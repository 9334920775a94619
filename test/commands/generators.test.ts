import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClusterRole } from '../../src/commands/create/clusterrole.ts';
import { createCronJob } from '../../src/commands/create/cronjob.ts';
import { createIngress } from '../../src/commands/create/ingress.ts';
import { createJob } from '../../src/commands/create/job.ts';
import { createPodDisruptionBudget } from '../../src/commands/create/poddisruptionbudget.ts';
import { createPriorityClass } from '../../src/commands/create/priorityclass.ts';
import { createQuota } from '../../src/commands/create/quota.ts';
import { createClusterRoleBinding, createRoleBinding } from '../../src/commands/create/role-bindings.ts';
import { createRole } from '../../src/commands/create/role.ts';
import { createToken } from '../../src/commands/create/token.ts';
import { create } from '../../src/commands/create/create.ts';
import { run as runCommand } from '../../src/commands/run/run.ts';
import { isImageReference } from '../../src/commands/run/image-reference.ts';
import { optionsOf } from './options-of.ts';
import { run } from './run-program.ts';

describe('generators: arguments', () => {
  it.each([
    [createJob, 'j --image=x -- date -u', { name: 'j', image: 'x', from: '', command: ['date', '-u'] }],
    [createJob, 'j --from=cronjob/c', { from: 'cronjob/c', image: '' }],
    [
      createCronJob,
      'c --image=x --schedule=*␣*␣*␣*␣*',
      { schedule: '* * * * *', restartPolicy: 'OnFailure', command: [] },
    ],
    [createIngress, 'i --rule=/=a:80 --class=c', { rules: ['/=a:80'], ingressClass: 'c', defaultBackend: '' }],
    [createPodDisruptionBudget, 'p --selector=a=b --min-available=50%', { minAvailable: '50%', maxUnavailable: '' }],
    [
      createPriorityClass,
      'p --value=-3 --global-default',
      { value: -3, globalDefault: true, preemptionPolicy: 'PreemptLowerPriority' },
    ],
    [createQuota, 'q --hard=cpu=1,pods=2 --scopes=A,B', { hard: 'cpu=1,pods=2', scopes: 'A,B' }],
    [
      createRole,
      'r --verb=get,list,get --verb=watch --resource=pods,rs.apps/status --resource-name=a --resource-name=a',
      {
        rules: {
          verbs: ['get', 'list', 'watch'],
          resources: [
            { resource: 'pods', group: '', subresource: '' },
            { resource: 'rs', group: 'apps', subresource: 'status' },
          ],
          resourceNames: ['a'],
        },
      },
    ],
    [createRole, 'r --verb=get,* --resource=pods,*,nodes', { rules: { verbs: ['*'], resources: [{ resource: '*' }] } }],
    [createClusterRole, 'r --aggregation-rule=a=b,c=d', { aggregation: { a: 'b', c: 'd' } }],
    [createClusterRole, 'r --verb=get --non-resource-url=/a,/a,/b', { urls: ['/a', '/b'] }],
    [createRoleBinding, 'b --role=r --user=a,b --user=c', { role: { kind: 'Role', name: 'r' }, users: ['a,b', 'c'] }],
    [
      createClusterRoleBinding,
      'b --clusterrole=r --group=g',
      { role: { kind: 'ClusterRole', name: 'r' }, groups: ['g'] },
    ],
    [createToken, 'sa --duration=10m --audience=a --audience=b', { seconds: 600, audiences: ['a', 'b'] }],
    [createToken, 'sa --bound-object-kind=Pod --bound-object-name=p', { bound: { kind: 'Pod', name: 'p', uid: '' } }],
    [create, '-f a.yaml --edit --windows-line-endings', { edit: true, windowsLineEndings: true, raw: '' }],
    [create, '-f - --raw=/api/v1/namespaces', { raw: '/api/v1/namespaces', edit: false }],
    [
      runCommand,
      'x --image=y --port=80 --env=A=1 -l a=b --annotations=c=d -- arg',
      {
        name: 'x',
        image: 'y',
        port: 80,
        env: [{ name: 'A', value: '1' }],
        labels: new Map([['a', 'b']]),
        annotations: new Map([['c', 'd']]),
        args: ['arg'],
        command: false,
        restartPolicy: 'Always',
        attach: false,
      },
    ],
    [runCommand, 'x --image=y -it', { stdin: true, tty: true, attach: true }],
    [runCommand, 'x --image=y -i --attach=false', { stdin: true, attach: false, labels: undefined }],
  ])('%#: %s', (command, line, expected) => {
    expect(optionsOf(command, line)).toMatchObject(expected);
  });

  it.each([
    [createJob, 'j', 'either --image or --from must be specified'],
    [createJob, 'j --image=x --from=cronjob/c', 'either --image or --from must be specified'],
    [createJob, 'j --from=cronjob/c -- date', 'cannot specify --from and command'],
    [createJob, '--image=x', 'exactly one NAME is required, got 0'],
    [createCronJob, 'c', 'required flag(s) "image", "schedule" not set'],
    [createIngress, 'i', 'not enough information provided: every ingress has to either specify a default-backend'],
    [
      createIngress,
      'i --rule=foo',
      'rule foo is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]',
    ],
    [createIngress, 'i --rule=/=a:80 --annotation=x', 'annotation x is invalid and should be in format key=[value]'],
    [createIngress, 'i --default-backend=a', 'default-backend should be in format servicename:serviceport'],
    [createPodDisruptionBudget, 'p', 'a selector must be specified'],
    [createPodDisruptionBudget, 'p --selector=a=b', 'one of min-available or max-unavailable must be specified'],
    [createPodDisruptionBudget, 'p --selector=a=b --min-available=1 --max-unavailable=1', 'cannot be both specified'],
    [createPodDisruptionBudget, 'p --selector=a=b --min-available=1Gi', 'invalid format specified for min-available'],
    [createRole, 'r --resource=pods', 'at least one verb must be specified'],
    [createClusterRole, 'r --verb=get', 'one of resource or nonResourceURL must be specified'],
    [
      createClusterRole,
      'r --aggregation-rule=a=b --verb=get',
      'aggregation rule must be specified without nonResourceURLs',
    ],
    [createClusterRole, 'r --aggregation-rule=a', 'malformed pair, expect string=string'],
    [createRoleBinding, 'b', 'exactly one of clusterrole or role must be specified'],
    [createRoleBinding, 'b --role=a --clusterrole=b', 'exactly one of clusterrole or role must be specified'],
    [createClusterRoleBinding, 'b', 'required flag(s) "clusterrole" not set'],
    [createToken, 'sa --duration=-1s', '--duration must be greater than or equal to 0'],
    [createToken, 'sa --duration=1ms', '--duration cannot be expressed in units less than seconds'],
    [createToken, 'sa --audience=', '--audience must not be an empty string'],
    [createToken, 'sa --bound-object-name=a', '--bound-object-name can only be set if --bound-object-kind is provided'],
    [createToken, 'sa --bound-object-kind=a', 'supported --bound-object-kind values are Node, Pod, Secret'],
    [create, '-f a --raw=/x --edit', '--raw and --edit are mutually exclusive'],
    [create, '-f a -f b --raw=/x', '--raw can only use a single local file or stdin'],
    [create, '-f http://a --raw=/x', '--raw cannot read from a url'],
    [create, '-f a --raw=x', '--raw must be a valid URL path: parse "x": invalid URI for request'],
    [create, '-f a --raw=/x -o yaml', '--raw and --output are mutually exclusive'],
    [create, 'nonsense', 'Unexpected args: [nonsense]'],
    [runCommand, 'x', 'required flag(s) "image" not set'],
    [runCommand, '--image=y', 'NAME is required for run'],
    [runCommand, '--image=y -- x', 'NAME is required for run'],
    [runCommand, 'x --image=', '--image is required'],
    [runCommand, 'x --image=Not_An_Image', 'Invalid image name "Not_An_Image": invalid reference format'],
    [runCommand, 'x --image=y -t', '-i/--stdin is required for containers with -t/--tty=true'],
    [runCommand, 'x --image=y --expose', '--port must be set when exposing a service'],
    [runCommand, 'x --image=y --restart=Sometimes', 'invalid restart policy: Sometimes'],
    [runCommand, 'x --image=y --rm', '--rm should only be used for attached containers'],
    [runCommand, 'x --image=y -i --dry-run=client', "can't be used with attached containers options"],
    [runCommand, 'x --image=y --env=1x=2', 'invalid env: 1x=2'],
    [runCommand, 'x --image=y --labels=a', 'unexpected label spec: a'],
    [runCommand, 'x --image=y --annotations=a --annotations=b=c --annotations==d', 'invalid annotations format: a, =d'],
    [runCommand, 'x --image=y --port=http', 'strconv.Atoi: parsing "http": invalid syntax'],
  ])('%#: %s is refused', (command, line, message) => {
    expect(() => optionsOf(command, line)).toThrow(message);
  });
});

describe('image references', () => {
  it.each([
    ['nginx', true],
    ['library/nginx:1.27', true],
    ['registry.example.com:5000/team/app:v1', true],
    ['[::1]:5000/app', true],
    [`app@sha256:${'0'.repeat(64)}`, true],
    ['a__b/c-d.e', true],
    ['Nginx', false],
    ['nginx:', false],
    ['nginx:-a', false],
    ['a//b', false],
    [`app@sha256:${'0'.repeat(31)}`, false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isImageReference(text)).toBe(expected);
  });
});

describe('generators against a store', () => {
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-generators-'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  const kubectl = (argv: readonly string[], input = '') =>
    run(argv, { env: { KUBE_LITE_DATA_DIR: path.join(folder, 'store') }, input });

  it('makes a job of a cron job, owned by it', async () => {
    await kubectl(['create', 'cronjob', 'nightly', '--image=x', '--schedule=0 1 * * *', '--', 'date']);
    expect((await kubectl(['create', 'job', 'now', '--from=cronjob/nightly'])).output).toBe('job.batch/now created\n');
    const format =
      '-o=jsonpath={.metadata.annotations}{.metadata.ownerReferences[*].kind}{.metadata.ownerReferences[*].controller}{.spec.template.spec.containers[0].command}';
    expect((await kubectl(['get', 'job', 'now', format])).output).toBe(
      '{"cronjob.kubernetes.io/instantiate":"manual"}CronJobtrue["date"]',
    );
    await kubectl(['create', 'deployment', 'web', '--image=x']);
    expect(await kubectl(['create', 'job', 'no', '--from=deploy/web'])).toMatchObject({
      status: 1,
      errors: 'error: unknown object type *v1.Deployment\n',
    });
  });

  it('names the resources of a role as the server does, a rule for each group', async () => {
    const line = [
      'create',
      'role',
      'r',
      '--verb=get',
      '--resource=deploy,po,rs.apps,pods/status',
      '-o=jsonpath={.rules}',
    ];
    expect((await kubectl(line)).output).toBe(
      '[{"apiGroups":[""],"resources":["pods","pods/status"],"verbs":["get"]},{"apiGroups":["apps"],"resources":["deployments","replicasets"],"verbs":["get"]}]',
    );
    expect(await kubectl(['create', 'role', 'r2', '--verb=get', '--resource=nosuch'])).toEqual({
      status: 1,
      output: '',
      errors: `the server doesn't have a resource type "nosuch"\n`,
    });
    expect((await kubectl(['create', 'role', 'r2', '--verb=use', '--resource=pods'])).errors).toBe(
      "error: can not perform 'use' on 'pods' in group ''\n",
    );
    expect(await kubectl(['create', 'role', 'r2', '--verb=odd', '--resource=pods'])).toMatchObject({
      status: 0,
      errors: "Warning: 'odd' is not a standard resource verb\n",
    });
  });

  it('runs a pod and a service for it, and attaches to nothing', async () => {
    expect((await kubectl(['run', 'web', '--image=nginx', '--expose', '--port=80'])).output).toBe(
      'service/web created\npod/web created\n',
    );
    expect(await kubectl(['run', 'sh', '--image=busybox', '-it'])).toEqual({
      status: 1,
      output: '',
      errors:
        'error: cannot attach to the pod (--attach, --stdin or --tty): there is no kubelet behind this store, so that no container ever runs\n',
    });
    expect((await kubectl(['get', 'pod', 'sh'])).status).toBe(1);
    const overrides = '--overrides={"spec":{"hostNetwork":true,"unknown":1}}';
    const spec = '-o=jsonpath={.spec.hostNetwork}{.spec.unknown}';
    expect((await kubectl(['run', 'over', '--image=x', overrides, '--dry-run=client', spec])).output).toBe('true');
  });

  it('posts a file to a path as it is', async () => {
    const file = path.join(folder, 'raw.json');
    fs.writeFileSync(file, '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"raw"}}');
    const target = '--raw=/api/v1/namespaces/default/configmaps';
    const { output } = await kubectl(['create', '-f', file, target]);
    expect(JSON.parse(output)).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'raw', namespace: 'default' } });
    expect(await kubectl(['create', '-f', file, target])).toMatchObject({
      status: 1,
      errors: 'Error from server (AlreadyExists): configmaps "raw" already exists\n',
    });
    expect((await kubectl(['create', '-f', '-', target], 'kind: ConfigMap')).errors).toBe(
      `Error from server (BadRequest): the object provided is unrecognized: couldn't get version/kind; json parse error: invalid character 'k' looking for beginning of value (6b696e643a20436f6e6669674d6170)\n`,
    );
    expect(await kubectl(['create', '-f', '/no/such', target])).toMatchObject({
      errors: 'error: open /no/such: no such file or directory\n',
    });
  });
});
