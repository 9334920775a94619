import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { CannedApiServer } from './canned-api-server.ts';
import { runKubectl } from './run-kubectl.ts';

/** What needs no server for a client dry run, whatever it is called. */
const OFFLINE = [
  'create job j --image=x',
  'create job j --image=x -- date -u',
  'create cronjob c --image=x --schedule=*/1␣*␣*␣*␣*',
  'create cronjob c --image=x --schedule=@daily --restart=Never -- a b',
  'create ingress i --rule=foo.com/bar*=svc:80,tls=s --annotation=b=1 --annotation=a= --class=c --default-backend=d:http',
  'create ingress i --rule=foo.com/bar=svc:80,tls=s --rule=foo.com/=svc:http,tls --rule=bar.com/x=y:80,tls=s --rule=/q*=z:1 --rule=*.x.com/=a:b,tls',
  'create configmap c --from-literal=a=b -- extra words',
  'create pdb p --selector=a=b --min-available=1 -- extra',
  'create pdb p --selector=a=b --min-available=1',
  'create pdb p --selector=a=b,c␣in␣(z,y),!d,e --max-unavailable=50%',
  'create pdb p --selector=a=b --max-unavailable=99999999999999999999',
  'create pdb p --selector=a>1 --max-unavailable=1',
  'create priorityclass p --value=-10 --global-default --description=d --preemption-policy=Never',
  'create priorityclass p -n elsewhere',
  'create quota q --hard=cpu=1000m,pods=10,memory=0.5Gi,a=1e3,b=100k --scopes=BestEffort,NotTerminating',
  'create quota q --hard=cpu=x',
  'create quota q',
  'create rolebinding b --role=r --user=u --user=v --group=g --serviceaccount=a:b -n elsewhere',
  'create rolebinding b --role=r --serviceaccount=x',
  'create clusterrolebinding b --clusterrole=r --user=u --serviceaccount=a:b',
  'create job j --image=x --save-config -n elsewhere',
];

/** What asks a server for the resource that it makes or is about. */
const ONLINE = [
  'run x --image=y',
  'run x --image=y --port=80 --env=A=1 --env=B= --labels=b=2,a=1 --annotations=x=y --restart=Never --image-pull-policy=Never --privileged -- a b',
  'run x --image=y --command -- a b',
  'run x --image=y -i --attach=false -n elsewhere',
  'run x --image=y --expose --port=80 -l a=b',
  'run x --image=y --overrides={"spec":{"hostNetwork":true,"other":1,"containers":[{"name":"z","image":"q"}]}}',
  'run x --image=y --overrides={"spec":{"containers":[{"name":"x","env":[{"name":"A","value":"b"}]}]}} --override-type=strategic',
  'run x --image=y --overrides=[{"op":"add","path":"/spec/nodeName","value":"n"}] --override-type=json',
  'run x --image=y --overrides={ --override-type=merge',
  'create role r --verb=get,list,get --resource=pods,configmaps,pods --resource-name=a',
  'create role r --verb=* --resource=*',
  'create clusterrole r --verb=get --resource=pods --non-resource-url=/logs/*',
  'create clusterrole r --aggregation-rule=b=1,a=2',
  'create clusterrole r --verb=list --non-resource-url=/logs/*',
];

function words(line: string): string[] {
  return line.split(' ').map((word) => word.replaceAll('␣', ' '));
}

/** The flags go before `--`, behind which everything is the container's. */
function dryRun(line: string, format: string): string[] {
  const argv = words(line);
  const dash = argv.indexOf('--');
  argv.splice(dash < 0 ? argv.length : dash, 0, '--dry-run=client', '-o', format);
  return argv;
}

describe('generated objects, as the real kubectl prints them', () => {
  let server: CannedApiServer;
  beforeAll(async () => {
    server = await CannedApiServer.start();
  });
  afterAll(() => server.stop());

  async function agree(line: string, format: string, flags: readonly string[]): Promise<void> {
    const argv = dryRun(line, format);
    const [command = '', ...rest] = argv;
    const [ours, theirs] = await Promise.all([
      run([command, ...flags, ...rest]),
      runKubectl([command, ...flags, ...rest]),
    ]);
    expect(ours).toEqual({ status: theirs.status, output: theirs.stdout, errors: theirs.stderr });
  }

  for (const format of ['json', 'yaml']) {
    it.each(OFFLINE)(`%s (${format})`, async (line) => {
      await agree(line, format, ['--kubeconfig=/dev/null']);
    });
    it.each(ONLINE)(`%s (${format})`, async (line) => {
      await agree(line, format, [`--server=${server.url}`]);
    });
  }
});
