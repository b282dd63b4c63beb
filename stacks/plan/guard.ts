import { underPath } from "../contract/path.ts";
import type { Environment } from "../contract/environment.ts";
import type { PlanGuard } from "../contract/plan.ts";
import type { Service } from "../contract/service.ts";
import { sourceOf } from "../contract/source.ts";
import { itemId } from "./names.ts";

/** What a service's descriptor says of its data: names, and consents to lose some of it. */
export function guardOf(service: Service): PlanGuard {
  const called: Record<string, string> = {};
  const former = new Map<string, string[]>();
  const present = new Map<string, string[]>();
  for (const [name, use] of Object.entries(service.uses)) {
    const id = itemId(name, use);
    if (id !== name) called[id] = name;
    present.set(name, [id]);
    for (const known of use.was ?? []) former.set(known, [id]);
  }
  // A name that something has today is its own, whatever had it before.
  const items = new Map([...former, ...present]);
  const place = sourceOf(service, "consents");
  return {
    file: place.file,
    path: place.path,
    uses: sourceOf(service, "uses").path,
    called,
    consents: service.consents.map((consent, index) => ({
      ...consent,
      items: items.get(consent.resource) ?? [consent.resource],
      ...sourceOf(service, `consents.${index}`),
    })),
  };
}

/** What the users of a shared resource say of it, whose item has this id. */
export function sharedGuard(
  service: Service,
  use: string,
  id: string,
  before: PlanGuard | undefined,
): PlanGuard {
  const own = guardOf(service);
  const consents = own.consents
    .filter(({ resource }) => [use, ...(service.uses[use]?.was ?? [])].includes(resource))
    .map((consent) => ({ ...consent, items: [id] }));
  if (before) return { ...before, consents: [...before.consents, ...consents] };
  return { ...own, uses: underPath(own.uses, use), called: { [id]: use }, consents };
}

/** What an operator says of what an environment shares. */
export const environmentGuard = ({ file, consents }: Environment): PlanGuard => ({
  file,
  path: "spec.consents",
  uses: "spec",
  called: {},
  consents: consents.map((consent, index) => ({
    ...consent,
    items: [consent.resource],
    file,
    path: `spec.consents.${index}`,
  })),
});
