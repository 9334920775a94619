import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly inBundle?: boolean;
  readonly link?: boolean;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
const read = async (name: string): Promise<string> => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');
const manifest = JSON.parse(await read('package.json')) as Manifest;
const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([place]) => place !== '');

it('every dependency has one exact version, which the lock file has too', () => {
  const named = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(named.filter(([, version]) => !EXACT.test(version))).toEqual([]);
  for (const [name, version] of named) expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
});

it('every package in the lock file has a strong hash, or comes within one that has', () => {
  // What is in a bundle is hashed with the package whose archive it is in.
  const without = locked.filter(
    ([, { integrity, inBundle }]) => inBundle !== true && integrity?.startsWith('sha512-') !== true,
  );
  expect(without.map(([place]) => place)).toEqual([]);
  expect(locked.filter(([, { link }]) => link === true)).toEqual([]);
});

it('packages that have a script for their installation are known, and denied it', () => {
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = scripted.map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length));
  // A new one is not taken without a look.
  expect(Object.keys(manifest.allowScripts).toSorted()).toEqual(names.toSorted());
  expect(Object.values(manifest.allowScripts)).toEqual(names.map(() => false));
});
