import { createHash, randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationText, humanDuration, parseDuration, shortHumanDuration } from '../../src/model/duration.ts';
import { generateName, randomSuffix, SAFE_CHARACTERS } from '../../src/model/generate-name.ts';
import {
  cIdentifierMessages,
  configMapKeyMessages,
  dns1035LabelMessages,
  dns1123LabelMessages,
  dns1123SubdomainMessages,
  envVarNameMessages,
  httpHeaderNameMessages,
  labelValueMessages,
  pathSegmentNameMessages,
  percentMessages,
  portNameMessages,
  qualifiedNameMessages,
  relaxedEnvVarNameMessages,
  wildcardSubdomainMessages,
  portNumberMessages,
  unixIdMessages,
} from '../../src/model/names.ts';
import { cidrMessages, ipMessages, legacyCidrMessages, legacyIpMessages } from '../../src/model/network-address.ts';
import { objectHash } from '../../src/model/object-hash.ts';
import { safeEncode } from '../../src/model/safe-encode.ts';

const RULES = {
  cIdentifierMessages,
  configMapKeyMessages,
  dns1035LabelMessages,
  dns1123LabelMessages,
  dns1123SubdomainMessages,
  envVarNameMessages,
  httpHeaderNameMessages,
  labelValueMessages,
  pathSegmentNameMessages,
  percentMessages,
  portNameMessages,
  qualifiedNameMessages,
  relaxedEnvVarNameMessages,
  wildcardSubdomainMessages,
};

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const KEY =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const ENV =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

describe('names', () => {
  it.each<[keyof typeof RULES, string, string[]]>([
    ['dns1123LabelMessages', 'a-1', []],
    ['dns1123LabelMessages', 'a.b', ['must not contain dots']],
    ['dns1123LabelMessages', 'A', [LABEL]],
    ['dns1123LabelMessages', 'a'.repeat(64), ['must be no more than 63 characters']],
    ['dns1123LabelMessages', 'a\n', [LABEL]],
    ['dns1123SubdomainMessages', 'a.b-c', []],
    ['dns1123SubdomainMessages', 'a..b', [SUBDOMAIN]],
    ['dns1123SubdomainMessages', 'a'.repeat(254), ['must be no more than 253 characters']],
    ['dns1035LabelMessages', 'a1', []],
    ['wildcardSubdomainMessages', '*.a.b', []],
    ['qualifiedNameMessages', 'example.com/A_b', []],
    ['qualifiedNameMessages', '', ['name part must be non-empty', `name part ${KEY}`]],
    ['qualifiedNameMessages', '/a', ['prefix part must be non-empty']],
    ['qualifiedNameMessages', 'A_/x', [`prefix part ${SUBDOMAIN}`]],
    [
      'qualifiedNameMessages',
      'a/b/c',
      [`a valid label key ${KEY} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`],
    ],
    ['qualifiedNameMessages', 'a'.repeat(64), ['name part must be no more than 63 bytes']],
    ['labelValueMessages', '', []],
    ['labelValueMessages', 'b'.repeat(70), ['must be no more than 63 bytes']],
    ['configMapKeyMessages', 'a.b_C-1', []],
    ['configMapKeyMessages', '..', ["must not be '..'"]],
    ['configMapKeyMessages', '..a', ["must not start with '..'"]],
    ['envVarNameMessages', '1BAD-KEY WITH SPACE', [ENV]],
    ['relaxedEnvVarNameMessages', '1 x', []],
    [
      'relaxedEnvVarNameMessages',
      'a=b',
      ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
    ],
    ['portNameMessages', 'http-1', []],
    [
      'portNameMessages',
      '-8--',
      [
        'must contain at least one letter (a-z)',
        'must not contain consecutive hyphens',
        'must not begin or end with a hyphen',
      ],
    ],
    ['percentMessages', '5%', []],
    ['pathSegmentNameMessages', 'A b', []],
    ['pathSegmentNameMessages', '..', ["may not be '..'"]],
    ['pathSegmentNameMessages', 'a/%', ["may not contain '/'", "may not contain '%'"]],
    ['cIdentifierMessages', 'a_1', []],
    ['httpHeaderNameMessages', 'X-A', []],
  ])('%s(%j)', (rule, value, messages) => {
    expect(RULES[rule](value)).toEqual(messages);
  });

  it.each([
    'dns1035LabelMessages',
    'wildcardSubdomainMessages',
    'percentMessages',
    'cIdentifierMessages',
    'httpHeaderNameMessages',
  ] as const)('%s names its pattern', (rule) => {
    const [message] = RULES[rule]('?');
    expect(message).toMatch(/^a .* \(e\.g\. '.*', regex used for validation is '.*'\)$/);
  });

  it('knows ranges', () => {
    expect(portNumberMessages(0)).toEqual(['must be between 1 and 65535, inclusive']);
    expect(portNumberMessages(65_535)).toEqual([]);
    expect(unixIdMessages(2 ** 31)).toEqual(['must be between 0 and 2147483647, inclusive']);
  });

  it('takes time in line with the length', () => {
    const long = `${'a-'.repeat(50_000)}_`;
    const started = performance.now();
    for (const rule of [dns1123SubdomainMessages, qualifiedNameMessages, labelValueMessages]) {
      rule(long);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('addresses', () => {
  const NO_IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
  it.each([
    ['10.9.8.7', []],
    ['2001:db8::ffff', []],
    ['::', []],
    ['::1', []],
    ['1::', []],
    ['1:0:2:0:3:0:4:5', []],
    ['256.1.1.1', [NO_IP]],
    ['1.2.3', [NO_IP]],
    ['1:2:3:4:5:6:7', [NO_IP]],
    ['1::2::3', [NO_IP]],
    ['::12345', [NO_IP]],
    ['1:2:3:4:5:6:7::8', [NO_IP]],
    ['fe80::1%eth0', [NO_IP]],
    ['010.1.1.1', ['must not have leading 0s']],
    ['::ffff:1.2.3.4', ['must not be an IPv4-mapped IPv6 address']],
    ['FE80:0:0:0:0:0:0:0abc', ['must be in canonical form ("fe80::abc")']],
    ['1:0:0:2:0:0:0:3', ['must be in canonical form ("1:0:0:2::3")']],
    ['64:ff9b::1.2.3.4', ['must be in canonical form ("64:ff9b::102:304")']],
  ])('%s', (value, messages) => {
    expect(ipMessages(value)).toEqual(messages);
  });

  it.each([
    ['10.0.0.0/8', []],
    ['2001:db8::/64', []],
    ['10.0.0.0/33', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['10.0.0.1/8', ['must not have bits set beyond the prefix length']],
    ['10.0.0.0/08', ['must not have leading 0s in IP or prefix length']],
    ['2001:DB8::/64', ['must be in canonical form ("2001:db8::/64")']],
  ])('%s', (value, messages) => {
    expect(cidrMessages(value)).toEqual(messages);
  });

  it('leaves the form free in old fields', () => {
    expect(legacyIpMessages('FE80::0')).toEqual([]);
    expect(legacyCidrMessages('2001:DB8::/64')).toEqual([]);
  });
});

describe('generated names', () => {
  it('have five safe characters behind at most 58', () => {
    expect(generateName('gen-', randomInt)).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(generateName('a'.repeat(80), () => 0)).toBe(`${'a'.repeat(58)}bbbbb`);
    expect(randomSuffix(() => 26, 3)).toBe('999');
    expect(SAFE_CHARACTERS).toHaveLength(27);
  });

  it('encode hashes safely', () => {
    // 48 ('0') modulo 27 is 21, and so on.
    expect(safeEncode('0123456789')).toBe('456789bcdf');
  });
});

describe('objectHash', () => {
  it('is the one that kubectl appended to a recorded ConfigMap', () => {
    expect(objectHash({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hashed' }, data: { a: 'b' } })).toBe(
      '4dk9m7dmmg',
    );
  });

  it('takes in what kubectl takes in, keys sorted', () => {
    const of = (text: string): string =>
      createHash('sha256')
        .update(text)
        .digest('hex')
        .slice(0, 10)
        .replaceAll(/[013ae]/g, (digit) => 'ghkmt'['013ae'.indexOf(digit)]!);
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'n', labels: { x: 'y' } } };
    expect(objectHash(configMap)).toBe(of('{"data":null,"kind":"ConfigMap","name":"n"}'));
    expect(objectHash({ ...configMap, binaryData: { b: 'AA==' }, immutable: true, data: { z: '<', a: '' } })).toBe(
      of(
        String.raw`{"binaryData":{"b":"AA=="},"data":{"a":"","z":"\u003c"},"immutable":true,"kind":"ConfigMap","name":"n"}`,
      ),
    );
    expect(
      objectHash({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'Opaque', data: { p: 'cQ==' } }),
    ).toBe(of('{"data":{"p":"cQ=="},"kind":"Secret","name":"s","type":"Opaque"}'));
  });
});

describe('durations', () => {
  it.each([
    ['1h30m', '1h30m0s'],
    ['1.5s', '1.5s'],
    ['100ms', '100ms'],
    ['0', '0s'],
    ['-2m0.5s', '-2m0.5s'],
    ['+.5h', '30m0s'],
    ['1.000001s', '1.000001s'],
    ['1500ns', '1.5µs'],
    ['1us', '1µs'],
    ['90m', '1h30m0s'],
    ['-9223372036854775808ns', '-2562047h47m16.854775808s'],
  ])('%s is %s', (text, printed) => {
    expect(durationText(parseDuration(text))).toBe(printed);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['5', 'time: missing unit in duration "5"'],
    ['5x', 'time: unknown unit "x" in duration "5x"'],
    ['1h x', 'time: unknown unit "h x" in duration "1h x"'],
    ['.s', 'time: invalid duration ".s"'],
    ['s', 'time: invalid duration "s"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseDuration(text)).toThrow(new RegExp(`^${message}$`));
  });

  it('reads its own text back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (duration) => {
        expect(parseDuration(durationText(duration))).toBe(duration);
      }),
    );
  });

  const S = 1000;
  const M = 60 * S;
  const H = 60 * M;
  const D = 24 * H;
  it.each([
    [-2 * S, '<invalid>'],
    [-1.9 * S, '0s'],
    [119.9 * S, '119s'],
    [2 * M, '2m'],
    [2 * M + S, '2m1s'],
    [10 * M, '10m'],
    [179 * M, '179m'],
    [3 * H, '3h'],
    [7 * H + 59 * M, '7h59m'],
    [47 * H, '47h'],
    [2 * D, '2d'],
    [2 * D + H, '2d1h'],
    [8 * D, '8d'],
    [729 * D, '729d'],
    [730 * D, '2y'],
    [731 * D, '2y1d'],
    [365 * 8 * D, '8y'],
  ])('%d ms ago is %s', (milliseconds, text) => {
    expect(humanDuration(milliseconds)).toBe(text);
  });

  it.each([
    [59 * S, '59s'],
    [60 * S, '1m'],
    [90 * M, '1h'],
    [D, '1d'],
    [366 * D, '1y'],
    [-3 * S, '<invalid>'],
  ])('%d ms in short is %s', (milliseconds, text) => {
    expect(shortHumanDuration(milliseconds)).toBe(text);
  });
});
