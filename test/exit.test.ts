import { describe, expect, it } from 'vitest';
import { FlagError } from '../src/commands/flag-error.ts';
import { SilentExit } from '../src/commands/silent-exit.ts';
import { UsageError } from '../src/commands/usage-error.ts';
import { presentError } from '../src/exit.ts';
import { ConnectionError } from '../src/model/connection-error.ts';
import { invalidValue, required } from '../src/model/field-error.ts';
import { badRequest, invalid, notFound, serviceUnavailable, unauthorized } from '../src/model/status-errors.ts';
import { StatusError } from '../src/model/status.ts';
import { UserError } from '../src/model/user-error.ts';
import { StorageError } from '../src/storage/storage-error.ts';

const place = { programName: 'kubectl', commandPath: 'kubectl get' };
const pods = { group: '', resource: 'pods' };

describe('presentError', () => {
  it.each([
    ['an API failure', notFound(pods, 'x'), 'Error from server (NotFound): pods "x" not found\n'],
    [
      'a failure without a reason',
      new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'm', code: 500 }),
      'Error from server: m\n',
    ],
    [
      'missing credentials',
      unauthorized('Unauthorized'),
      'error: You must be logged in to the server (Unauthorized)\n',
    ],
    [
      'one wrong field',
      invalid('Pod', '', 'x', [required('spec.containers')]),
      'The Pod "x" is invalid: spec.containers: Required value\n',
    ],
    [
      'several wrong fields, each once',
      invalid('Pod', '', 'x', [required('a'), invalidValue('b', 1, 'no'), required('a')]),
      'The Pod "x" is invalid: \n* a: Required value\n* b: Invalid value: 1: no\n',
    ],
    [
      'a refused connection',
      new ConnectionError('refused', 'h:1', 'm'),
      'The connection to the server h:1 was refused - did you specify the right host or port?\n',
    ],
    ['any other connection', new ConnectionError('tls', 'h:1', 'm'), 'Unable to connect to the server: m\n'],
    ['a wrong use', new UsageError('no'), "error: no\nSee 'kubectl get -h' for help and examples\n"],
    [
      'a wrong flag',
      new FlagError('unknown flag: --x'),
      "error: unknown flag: --x\nSee 'kubectl get --help' for usage.\n",
    ],
    ['a plain error', new UserError('no'), 'error: no\n'],
    ['an error that says so itself', new UserError('error: no'), 'error: no\n'],
    ['a store with a remedy', new StorageError('NoSpace', 'full', { hint: 'free some' }), 'error: full\nfree some\n'],
    [
      'a store behind an API failure',
      new StatusError(serviceUnavailable('down').status, {
        cause: new StorageError('Unavailable', 'x', { hint: 'start it' }),
      }),
      'Error from server (ServiceUnavailable): down\nstart it\n',
    ],
    [
      'several errors',
      new AggregateError([notFound(pods, 'a'), new UserError('plain')]),
      'Error from server (NotFound): pods "a" not found\nplain\n',
    ],
    ['one of several', new AggregateError([badRequest('b')]), 'Error from server (BadRequest): b\n'],
    ['one of several within another', new AggregateError([new AggregateError([new UserError('b')])]), 'b\n'],
    ['what is no Error', 'text', 'error: text\n'],
  ])('%s', (_name, error, text) => {
    expect(presentError(error, place)).toEqual({ text, status: 1 });
  });

  it('says nothing more when everything was said', () => {
    expect(presentError(new SilentExit(3), place)).toEqual({ text: '', status: 3 });
  });
});
