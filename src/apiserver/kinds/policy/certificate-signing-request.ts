import { deepEqual } from '../../../model/deep-equal.ts';
import {
  duplicate,
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
} from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { timestamp } from '../../timestamp.ts';
import type { StrategyContext } from '../../strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ensureObject, type Fields, numberIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { changesText } from '../changes-text.ts';

const APPROVED = 'Approved';
const DENIED = 'Denied';
const FAILED = 'Failed';

const USAGES: readonly string[] = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

/** What is wrong with a request (validateCertificateSigningRequest). */
function requestErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  return [...pemErrors(spec), ...usageErrors(spec), ...signerErrors(spec), ...conditionErrors(object)];
}

function pemErrors(spec: Fields): FieldError[] {
  const text = Buffer.from(textIn(spec, 'request'), 'base64').toString('utf8');
  if (/-----BEGIN CERTIFICATE REQUEST-----[\s\S]+-----END CERTIFICATE REQUEST-----/.test(text)) return [];
  return [invalidValue('spec.request', textIn(spec, 'request'), 'PEM block type must be CERTIFICATE REQUEST')];
}

function usageErrors(spec: Fields): FieldError[] {
  const usages = stringsIn(spec, 'usages');
  const errors = usages.length === 0 ? [required('spec.usages')] : [];
  for (const [index, usage] of usages.entries()) {
    if (!USAGES.includes(usage)) errors.push(notSupported(`spec.usages[${index}]`, usage, USAGES));
  }
  for (const [index, usage] of usages.entries()) {
    if (usages.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage));
  }
  return errors;
}

function signerErrors(spec: Fields): FieldError[] {
  const errors: FieldError[] = [];
  const signer = textIn(spec, 'signerName');
  const detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
  if (signer === '') errors.push(required('spec.signerName'));
  else if (signer === 'kubernetes.io/legacy-unknown') {
    const legacy = 'the legacy signerName is not allowed via this API version';
    errors.push(invalidValue('spec.signerName', signer, legacy));
  } else if (signer.split('/').length !== 2) errors.push(invalidValue('spec.signerName', signer, detail));
  const seconds = numberIn(spec, 'expirationSeconds');
  if (seconds !== undefined && seconds < 600) {
    const short = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalidValue('spec.expirationSeconds', seconds, short));
  }
  return errors;
}

function conditionErrors(object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const path = 'status.conditions';
  const seen = new Set<string>();
  for (const [index, condition] of conditionsOf(object).entries()) {
    const at = `${path}[${index}]`;
    const type = textIn(condition, 'type');
    const status = textIn(condition, 'status');
    const allowed = [APPROVED, DENIED, FAILED].includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (type === '') errors.push(required(`${at}.type`));
    if (status === '') errors.push(required(`${at}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${at}.status`, status, allowed));
    const other = type === APPROVED ? DENIED : APPROVED;
    if ((type === APPROVED || type === DENIED) && seen.has(other)) {
      errors.push(invalidValue(path, type, 'Approved and Denied conditions are mutually exclusive'));
    }
    if (seen.has(type)) errors.push(duplicate(`${at}.type`, type));
    seen.add(type);
  }
  return errors;
}

function conditionsOf(object: KubeObject): Fields[] {
  return objectsIn(partOf(object, 'status'), 'conditions');
}

function withType(object: KubeObject, type: string): Fields[] {
  return conditionsOf(object).filter((condition) => textIn(condition, 'type') === type);
}

interface Allowed {
  readonly approval: boolean;
  readonly certificate: boolean;
}

/** What is wrong with a change (validateCertificateSigningRequestUpdate). */
function changeErrors(object: KubeObject, old: KubeObject, allowed: Allowed): FieldError[] {
  const path = 'status.conditions';
  const errors = requestErrors(object);
  for (const type of [APPROVED, DENIED, FAILED]) {
    if (withType(object, type).length >= withType(old, type).length) continue;
    errors.push(fieldForbidden(path, `updates may not remove a condition of type ${JSON.stringify(type)}`));
  }
  for (const type of allowed.approval ? [] : [APPROVED, DENIED]) {
    const [now, before] = [withType(object, type), withType(old, type)];
    const what = `a condition of type ${JSON.stringify(type)}`;
    if (now.length > before.length) errors.push(fieldForbidden(path, `updates may not add ${what}`));
    else if (now.length === before.length && !deepEqual(now, before)) {
      const changes = changesText('certificates.CertificateSigningRequestCondition', before[0] ?? {}, now[0] ?? {});
      errors.push(fieldForbidden(path, `updates may not modify ${what}\n${changes}`));
    }
  }
  const had = textIn(partOf(old, 'status'), 'certificate');
  if (textIn(partOf(object, 'status'), 'certificate') === had) return errors;
  const field = 'status.certificate';
  if (!allowed.certificate) errors.push(fieldForbidden(field, 'updates may not set certificate content'));
  else if (had !== '') errors.push(fieldForbidden(field, 'updates may not modify existing certificate content'));
  return errors;
}

/** Gives conditions without times the time of now, or of the condition that they continue. */
function fillTimes(object: KubeObject, old: KubeObject, context: StrategyContext): void {
  const now = timestamp(context.now());
  for (const condition of conditionsOf(object)) {
    condition['lastUpdateTime'] ??= now;
    if (condition['lastTransitionTime'] !== undefined && condition['lastTransitionTime'] !== null) continue;
    const same = withType(old, textIn(condition, 'type')).find((each) => each['status'] === condition['status']);
    condition['lastTransitionTime'] = same?.['lastTransitionTime'] ?? now;
  }
}

/** Who asks is what authentication says, whatever the request says. */
function setRequester(object: KubeObject, { user }: StrategyContext): void {
  const spec = ensureObject(object, 'spec');
  for (const field of ['username', 'uid', 'groups', 'extra']) delete spec[field];
  spec['username'] = user.name;
  if (user.uid !== undefined) spec['uid'] = user.uid;
  if (user.groups.length > 0) spec['groups'] = [...user.groups];
  if (user.extra !== undefined) spec['extra'] = structuredClone(user.extra);
}

function keepSpec(object: KubeObject, old: KubeObject): void {
  object['spec'] = old['spec'];
}

export const signingRequestStrategy = defineStrategy({
  resource: 'certificatesigningrequests.certificates.k8s.io',
  initialStatus: () => ({}),
  defaults: (object) => {
    const spec = ensureObject(object, 'spec');
    if (spec['usages'] === undefined) spec['usages'] = ['digital signature', 'key encipherment'];
  },
  prepareForUpdate: keepSpec,
  admit: (object, old, context) => {
    if (old === undefined) setRequester(object, context);
    return Promise.resolve();
  },
  validate: requestErrors,
  validateUpdate: (object, old) => changeErrors(object, old, { approval: false, certificate: false }),
  subresources: {
    status: {
      prepare(object, old, context) {
        keepSpec(object, old);
        const status = ensureObject(object, 'status');
        const others = conditionsOf(object).filter((each) => ![APPROVED, DENIED].includes(textIn(each, 'type')));
        const kept = [...withType(old, APPROVED), ...withType(old, DENIED)];
        // What was said of the approval stays as it is; a new word about it is refused below.
        const added = [APPROVED, DENIED].flatMap((type) =>
          withType(old, type).length > 0 ? [] : withType(object, type),
        );
        if (conditionsOf(object).length > 0 || kept.length > 0) status['conditions'] = [...kept, ...added, ...others];
        fillTimes(object, old, context);
      },
      validate: (object, old) => changeErrors(object, old, { approval: false, certificate: true }),
    },
    approval: {
      prepare(object, old, context) {
        keepSpec(object, old);
        const { conditions } = partOf(object, 'status');
        object['status'] = { ...partOf(old, 'status'), ...(conditions === undefined ? {} : { conditions }) };
        fillTimes(object, old, context);
      },
      validate: (object, old) => changeErrors(object, old, { approval: true, certificate: false }),
    },
  },
  selectableFields: { 'spec.signerName': (object) => textIn(partOf(object, 'spec'), 'signerName') },
});
