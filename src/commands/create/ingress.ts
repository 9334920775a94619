import { compareBytes } from '../../model/byte-order.ts';
import type { JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { intOrString } from './int-or-string.ts';

/** `HOST/PATH=SERVICE:PORT[,tls[=SECRET]]`, as kubectl's regular expression has it. */
const RULE = /^[\w*\-.]*\/.*=[\w-]+:[\w-]+(,tls=?([\w-]+)?)?/;

interface IngressOptions {
  readonly name: string;
  readonly ingressClass: string;
  readonly rules: readonly string[];
  readonly annotations: readonly string[];
  readonly defaultBackend: string;
  readonly common: GeneratorOptions;
}

/** `create ingress`. */
export const createIngress: Command = defineCommand<IngressOptions>({
  use: 'ingress NAME --rule=host/path=service:port[,tls[=secret]] ',
  description: `Create an ingress with the given name.

 A rule is HOST/PATH=SERVICE:PORT, with ",tls" or ",tls=SECRET" behind it for TLS. A path that ends in * is a prefix.`,
  examples: [
    {
      comment: 'Requests for foo.com/bar to a service, with TLS',
      command: 'kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"',
    },
    {
      comment: 'Everything below a path',
      command: 'kubectl create ingress prefix --class=default --rule="foo.com/path*=svc:8080"',
    },
    {
      comment: 'A service for everything else',
      command: 'kubectl create ingress rest --default-backend=defaultsvc:http',
    },
  ],
  flags: [
    ...generatorFlags,
    {
      name: 'annotation',
      type: 'stringArray',
      default: '[]',
      usage: 'Annotation KEY=VALUE of the ingress; can be given several times.',
    },
    { name: 'class', type: 'string', usage: 'Ingress class to use.' },
    { name: 'default-backend', type: 'string', usage: 'Service for what no rule is for, as SERVICE:PORT.' },
    {
      name: 'rule',
      type: 'stringArray',
      default: '[]',
      usage: 'Rule as HOST/PATH=SERVICE:PORT[,tls[=SECRET]]; can be given several times.',
    },
  ],
  refusesFirst: 'format-after-name',
  parse,
  async run(options, context) {
    const { name, annotations, ingressClass, defaultBackend, rules } = options;
    const pairs = annotations
      .map((text): [string, string] => splitOnce(text, '='))
      .sort(([a], [b]) => compareBytes(a, b));
    const tls = tlsOf(rules);
    const object = {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name, ...(pairs.length === 0 ? {} : { annotations: Object.fromEntries(pairs) }) },
      spec: {
        ...(ingressClass === '' ? {} : { ingressClassName: ingressClass }),
        ...(defaultBackend === '' ? {} : { defaultBackend: backendOf(defaultBackend) }),
        ...(tls.length === 0 ? {} : { tls }),
        ...(rules.length === 0 ? {} : { rules: rulesOf(rules) }),
      },
      status: { loadBalancer: {} },
    };
    await createGenerated({ object, failure: 'failed to create ingress: ' }, options.common, context);
  },
});

function parse({ args, argsBeforeDash, flags }: Invocation): IngressOptions {
  const name = requireOneName(args, argsBeforeDash);
  const common = generatorOptions(flags);
  const [rules, annotations, defaultBackend] = [
    flags.list('rule'),
    flags.list('annotation'),
    flags.string('default-backend'),
  ];
  if (defaultBackend === '' && rules.length === 0) {
    throw new UserError(
      'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
    );
  }
  const badRule = rules.find((rule) => !RULE.test(rule));
  if (badRule !== undefined) {
    throw new UserError(`rule ${badRule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  }
  const badAnnotation = annotations.find((annotation) => !annotation.includes('='));
  if (badAnnotation !== undefined) {
    throw new UserError(`annotation ${badAnnotation} is invalid and should be in format key=[value]`);
  }
  if (defaultBackend !== '' && defaultBackend.split(':').length !== 2) {
    throw new UserError('default-backend should be in format servicename:serviceport');
  }
  return { name, ingressClass: flags.string('class'), rules, annotations, defaultBackend, common };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

interface TlsHosts {
  hosts?: string[];
  secretName?: string;
}

/** The hosts of each secret, in the order of the rules; a host counts once, with the first secret that it has. */
function tlsOf(rules: readonly string[]): JsonObject[] {
  const found: TlsHosts[] = [];
  const seen = new Set<string>();
  for (const rule of rules) {
    const [, tls, ...more] = rule.split(',');
    if (tls === undefined || more.length > 0) continue;
    const [host] = splitOnce(rule, '/');
    const secret = tls.split('=')[1] ?? '';
    if (seen.has(host)) continue;
    seen.add(host);
    const same = found.find(({ secretName = '' }) => secretName === secret);
    if (same !== undefined) same.hosts = [...(same.hosts ?? []), host];
    else if (host !== '' || secret !== '') {
      found.push({ ...(host === '' ? {} : { hosts: [host] }), ...(secret === '' ? {} : { secretName: secret }) });
    }
  }
  return found.map((each) => ({ ...each }));
}

/** One entry a host, with all of its paths. */
function rulesOf(rules: readonly string[]): JsonObject[] {
  const paths = new Map<string, JsonObject[]>();
  for (const rule of rules) {
    const [withoutTls = ''] = rule.split(',');
    const [host, rest] = splitOnce(withoutTls, '/');
    const [path = '', service = ''] = rest.split('=');
    const isPrefix = path.endsWith('*');
    const entry = {
      path: `/${isPrefix ? path.slice(0, -1) : path}`,
      pathType: isPrefix ? 'Prefix' : 'Exact',
      backend: backendOf(service),
    };
    paths.set(host, [...(paths.get(host) ?? []), entry]);
  }
  return [...paths].map(([host, entries]) => ({ ...(host === '' ? {} : { host }), http: { paths: entries } }));
}

function backendOf(text: string): JsonObject {
  const [name = '', portText = ''] = text.split(':');
  const port = intOrString(portText);
  return { service: { name, port: typeof port === 'number' ? { number: port } : { name: port } } };
}
