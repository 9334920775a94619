import type { WatchEvent } from '../model/api-message.ts';
import type { ObjectEvent } from '../storage/object-storage.ts';
import type { ServedResource } from './served-resource.ts';

/** What watchers are told of shared events: made once for all who want the same version in the same form. */
export class SharedEvents {
  readonly #made = new WeakMap<ObjectEvent, Map<ServedResource, Map<string, WatchEvent>>>();

  /** What `make` makes of an event, or made of it before. The event and what is made are not changed afterwards. */
  once(event: ObjectEvent, served: ServedResource, form: string, make: () => WatchEvent): WatchEvent {
    let versions = this.#made.get(event);
    if (versions === undefined) this.#made.set(event, (versions = new Map()));
    let forms = versions.get(served);
    if (forms === undefined) versions.set(served, (forms = new Map()));
    let made = forms.get(form);
    if (made === undefined) forms.set(form, (made = make()));
    return made;
  }
}
