import type { BuildOptions } from 'esbuild';

export declare function bundleOptions(entryPoints: readonly string[], outdir: string): BuildOptions;
