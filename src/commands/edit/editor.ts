import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { goQuote } from '../../model/go-text.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { notFoundFailure, runChild } from '../run-child.ts';

const DEFAULT_EDITOR = 'vi';
const DEFAULT_SHELL = '/bin/bash';

/** A text after somebody edited it, and the file that it was edited in, which stays until it is removed. */
export interface EditedText {
  readonly text: string;
  readonly file: string;
}

/**
 * Has the person edit a text in a file that only they can read: with the program of KUBE_EDITOR, else of EDITOR, else vi.
 * A command with quotes or backslashes is left to the shell. Throws UserError when the editor failed.
 */
export async function editText(text: string, suffix: string, context: Context): Promise<EditedText> {
  const file = path.join(
    os.tmpdir(),
    `${context.programName.replaceAll(' ', '-')}-edit-${randomInt(2 ** 32)}${suffix}`,
  );
  fs.writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  const words = editorCommand(context.env);
  const shown = JSON.stringify(words.command.join(' '));
  const [program = DEFAULT_EDITOR, ...args] = words.argumentsFor(file);
  const { status, failure } = await runChild(program, args, context);
  if (failure === notFoundFailure && !program.includes('/')) {
    throw new UserError(`unable to launch the editor ${shown}`);
  }
  if (status !== 0) throw new UserError(`there was a problem with the editor ${shown}`);
  return { text: fs.readFileSync(file, 'utf8'), file };
}

interface EditorCommand {
  readonly command: readonly string[];
  argumentsFor(file: string): readonly string[];
}

function editorCommand(env: Context['env']): EditorCommand {
  const editor = env['KUBE_EDITOR'] || env['EDITOR'] || DEFAULT_EDITOR;
  if (!/["'\\]/.test(editor)) {
    const command = editor.split(' ');
    return { command, argumentsFor: (file) => [...command, file] };
  }
  if (!editor.includes(' ')) return { command: [editor], argumentsFor: (file) => [editor, file] };
  const shell = [env['SHELL'] || DEFAULT_SHELL, '-c'];
  return { command: [...shell, editor], argumentsFor: (file) => [...shell, `${editor} ${goQuote(file)}`] };
}
