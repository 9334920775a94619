import { describe, expect, it } from 'vitest';
import { approveCertificate, denyCertificate } from '../../src/commands/certificate/certificate.ts';
import { optionsOf } from './options-of.ts';

describe('certificate: arguments', () => {
  it('name requests, or files with them', () => {
    expect(optionsOf(approveCertificate, 'a csr/b --force')).toMatchObject({
      request: { args: ['certificatesigningrequests/a', 'csr/b'] },
      force: true,
    });
    expect(optionsOf(denyCertificate, '-f a.yaml -o name')).toMatchObject({
      request: { args: [], filenames: ['a.yaml'] },
      force: false,
      format: { output: 'name' },
    });
    expect(() => optionsOf(denyCertificate, '')).toThrow(
      'one or more CSRs must be specified as <name> or -f <filename>',
    );
  });
});
