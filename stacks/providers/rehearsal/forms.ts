import { isObject, textAt, type Json, type JsonObject } from "../kubernetes/json.ts";
import type { Chance } from "./chance.ts";
import type { Properties, Property } from "./facts.ts";
import { DATA } from "./forms/data.ts";
import { IDENTITY } from "./forms/identity.ts";
import { NETWORK } from "./forms/network.ts";
import { BEGINNING, sceneOf, type Form, type FormOf, type Scene } from "./forms/scene.ts";
import { STORAGE } from "./forms/storage.ts";
import { nameOf } from "./names.ts";
import type { Cue } from "./player.ts";

/** Ids, ARNs, endpoints and states by type; what is not here gets placeholders. */
export const FORMS: Readonly<Record<string, FormOf>> = {
  ...NETWORK,
  ...DATA,
  ...STORAGE,
  ...IDENTITY,
};

/** What the cloud makes of a resource: the form of its type, and placeholders for the rest. */
export function formOf(
  cue: Cue,
  properties: Properties,
  given: JsonObject,
  chance: Chance,
): Required<Form> {
  const name = textAt(given, nameOf(cue.type) ?? "name") || cue.name;
  const scene = sceneOf(cue.settings, given, name, chance);
  const type = cue.type.slice(cue.type.indexOf(":") + 1);
  const form = FORMS[type]?.(scene) ?? { id: scene.name };
  const made = { ...given, ...form.outputs };
  const known = Object.fromEntries(Object.entries(made).filter(([one]) => properties[one]));
  return { id: form.id, outputs: completed(type, properties, known, scene) };
}

/** The object with placeholders for the outputs that it lacks, however deep. */
function completed(
  type: string,
  properties: Properties,
  object: JsonObject,
  scene: Scene,
): JsonObject {
  const whole: JsonObject = { ...object };
  const below = (of: Properties, item: Json): Json =>
    isObject(item) ? completed(type, of, item, scene) : item;
  for (const [property, facts] of Object.entries(properties)) {
    const { of } = facts;
    const value = object[property];
    if (value === undefined) {
      const held = placeholder(type, property, facts, scene);
      if (held !== undefined) whole[property] = held;
    } else if (of) {
      whole[property] = Array.isArray(value)
        ? value.map((item) => below(of, item))
        : below(of, value);
    }
  }
  return whole;
}

/** A value of the right form for an output that no table knows; nothing where the program might have given one. */
function placeholder(type: string, name: string, facts: Property, scene: Scene): Json | undefined {
  if (facts.use !== "output") return undefined;
  if (facts.is === "flag") return false;
  if (facts.is === "number") return 0;
  if (facts.is === "list" || facts.is === "set") return [];
  if (facts.is === "map") return {};
  if (facts.is !== "text") return undefined;
  const [service = "", kind = ""] = type.split(/[/:]/);
  if (/arn$/i.test(name)) return scene.arn(service, `${kind.toLowerCase()}/${scene.name}`);
  if (/^(ownerId|registryId|accountId)$/.test(name)) return scene.account;
  if (/(Date|At|Time)$/.test(name)) return BEGINNING;
  return `rehearsed-${scene.chance.hex(8, name)}`;
}
