import { configMapKeyMessages } from '../../model/names.ts';
import { UserError } from '../../model/user-error.ts';
import { sortedRecord } from './configmap.ts';
import type { DataItem } from './data-sources.ts';

/** The `data` of a Secret: values in base64, keys in order. Throws UserError for a wrong or repeated key. */
export function secretData(items: Iterable<DataItem>): Record<string, string> {
  const data = new Map<string, string>();
  for (const { key, value } of items) {
    const messages = configMapKeyMessages(key);
    if (messages.length > 0) {
      throw new UserError(`${JSON.stringify(key)} is not valid key name for a Secret ${messages.join(';')}`);
    }
    if (data.has(key)) throw new UserError(`cannot add key ${key}, another key by that name already exists`);
    data.set(key, value.toString('base64'));
  }
  return sortedRecord(data);
}
