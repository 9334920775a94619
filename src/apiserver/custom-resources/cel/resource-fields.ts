import { readSchema, type Schema } from '../schema/schema.ts';

/** The fields of a resource that expressions always see, whatever its schema says: apiVersion, kind and its names. */
export function fieldAlways(schema: Schema): [name: string, schema: Schema][] {
  const text = readSchema({ type: 'string' });
  const metadata = readSchema({
    type: 'object',
    properties: { name: { type: 'string' }, generateName: { type: 'string' } },
  });
  const complete =
    schema.properties.get('kind')?.type === 'string' &&
    schema.properties.get('apiVersion')?.type === 'string' &&
    schema.properties.get('metadata')?.properties.get('name')?.type === 'string' &&
    schema.properties.get('metadata')?.properties.get('generateName')?.type === 'string';
  if (complete) return [];
  return [
    ['kind', text],
    ['apiVersion', text],
    ['metadata', metadata],
  ];
}
