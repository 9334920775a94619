import type { Metafile } from 'esbuild';

export function buildProgram(folder: string): Promise<Metafile>;
