import type { Checked, Refusal } from "../kubernetes/check.ts";
import type { Change } from "../kubernetes/diff.ts";
import {
  mapScalars,
  objectAt,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  textAt,
} from "../kubernetes/json.ts";
import { hasUnknown, UNKNOWN, type Values } from "../kubernetes/values.ts";
import type { Chance } from "./chance.ts";
import { changesOf, keepsName, replacingOf } from "./compare.ts";
import { DELETED_FIRST, replacesOnCondition } from "./conditions.ts";
import type { Properties, TypeFacts } from "./facts.ts";
import { refusedCreation, refusedDeletion } from "./existing.ts";
import { formOf } from "./forms.ts";
import type { Library } from "./library.ts";
import { refusalsOf } from "./limits.ts";
import { autonamed } from "./naming.ts";
import type { Cue, Player } from "./player.ts";
import { relationsOf } from "./relations.ts";
import { nameOf } from "./names.ts";

/** Plays `aws` from the tables of `library`. */
export function playAws(library: Library): Player {
  const factsOf = async (cue: Cue): Promise<TypeFacts> => {
    const facts = await library.find(cue.type);
    if (!facts) throw new Error(`${cue.type} is no resource type of the installed @pulumi/aws`);
    return facts;
  };
  return {
    async check(cue, olds, news, seed) {
      const { properties } = await factsOf(cue);
      const named = autonamed(cue.type, properties, cue.name, news.value, olds.value, seed);
      const given = withTexts(
        properties,
        named ? { ...news.value, [named.property]: named.name } : news.value,
      );
      const filled = withDefaults(properties, given);
      const made = Object.keys(filled).filter((name) => news.value[name] === undefined);
      const value = withTags(cue, properties, { ...filled, __defaults: made.sort() });
      const secrets = [
        ...news.secrets,
        ...secretsOf(properties, value),
        ...tagSecrets(news.secrets),
      ];
      const refusals: Refusal[] = [
        ...refusalsOf(properties, given),
        ...(cue.settings.region === "" && properties["region"] && value["region"] === undefined
          ? [{ property: "region", reason: "no region: give the provider one (aws:region)" }]
          : []),
      ];
      if (refusals.length === 0) refusals.push(...relationsOf(cue, value, olds.value));
      return { value, secrets, refusals } satisfies Checked;
    },
    async diff(cue, old, now, stored) {
      const { properties } = await factsOf(cue);
      const changes = changesOf(properties, old, now).filter(({ path }) => path[0] !== "region");
      const region = textAt(now, "region") || cue.settings.region;
      const moved: Change[] =
        properties["region"] && ![region, ""].includes(textAt(stored, "region") || region)
          ? [{ path: ["region"], kind: "update" }]
          : [];
      changes.push(...moved);
      const replacing = [
        ...new Set([
          ...moved,
          ...replacingOf(properties, changes),
          ...replacesOnCondition(cue.type, old, now, changes),
        ]),
      ];
      const name = nameOf(cue.type);
      const deleteFirst =
        replacing.length > 0 &&
        (DELETED_FIRST.has(cue.type) || (name !== undefined && keepsName(old, now, name)));
      return { changes, replacing, deleteFirst };
    },
    async foresee(cue, inputs) {
      const { properties } = await factsOf(cue);
      const { __defaults: _, ...value } = inputs.value;
      const outputs = foreseen(properties, value);
      if (properties["region"] && value["region"] === undefined)
        outputs["region"] = cue.settings.region;
      return {
        id: "",
        outputs: {
          value: outputs,
          secrets: [...inputs.secrets, ...secretsOf(properties, outputs)],
        },
      };
    },
    async make(cue, inputs, chance) {
      const facts = await factsOf(cue);
      return made(cue, facts, inputs, chance);
    },
    refuseCreation: refusedCreation,
    refuseDeletion: refusedDeletion,
  };
}

function made(cue: Cue, { properties }: TypeFacts, inputs: Values, chance: Chance) {
  const { __defaults: _, ...given } = inputs.value;
  const base: JsonObject = {
    ...(properties["region"] && { region: cue.settings.region }),
    ...given,
  };
  const { id, outputs } = formOf(cue, properties, base, chance);
  const value = mapScalars(outputs, (scalar) =>
    typeof scalar === "string" && scalar.includes(UNKNOWN) ? UNKNOWN : scalar,
  ) as JsonObject;
  return {
    id: id.includes(UNKNOWN) ? "" : id,
    outputs: { value, secrets: [...inputs.secrets, ...secretsOf(properties, value)] },
  };
}

/** What was given, and unknown what the cloud will decide, however deep. */
function foreseen(properties: Properties, given: JsonObject): JsonObject {
  const outputs: JsonObject = { ...given };
  for (const [name, { use, of }] of Object.entries(properties)) {
    const value = given[name];
    if (value === undefined) {
      if (use === "output" || use === "computed") outputs[name] = UNKNOWN;
    } else if (of && Array.isArray(value))
      outputs[name] = value.map((item) => (isObject(item) ? foreseen(of, item) : item));
    else if (of && isObject(value)) outputs[name] = foreseen(of, value);
  }
  return outputs;
}

/** Documents given as objects become the JSON texts that AWS takes. */
function withTexts(properties: Properties, given: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      properties[name]?.is !== "text" || !isObject(value)
        ? value
        : hasUnknown(value)
          ? UNKNOWN
          : JSON.stringify(value),
    ]),
  );
}

function withDefaults(properties: Properties, given: JsonObject): JsonObject {
  const filled = { ...given };
  for (const [name, property] of Object.entries(properties)) {
    if (filled[name] !== undefined || property.default === undefined) continue;
    const rivals = [...(property.conflicts ?? []), ...(property.exactlyOne ?? [])];
    if (!rivals.some((rival) => given[rival] !== undefined)) filled[name] = property.default;
  }
  return filled;
}

/** `tagsAll` is known before anything exists: the provider's tags under the resource's own. */
function withTags(cue: Cue, properties: Properties, inputs: JsonObject): JsonObject {
  if (!properties["tagsAll"]) return inputs;
  const { tags } = inputs;
  const all: Json = tags === UNKNOWN ? UNKNOWN : { ...cue.settings.tags, ...objectAt(tags) };
  return { ...inputs, tagsAll: all };
}

const tagSecrets = (secrets: readonly Path[]): Path[] =>
  secrets.flatMap((path) => (path[0] === "tags" ? [["tagsAll", ...path.slice(1)]] : []));

/** Where the tables say that secrets stand, however deep. */
function secretsOf(properties: Properties, value: JsonObject): Path[] {
  const found: Path[] = [];
  const look = (known: Properties, here: JsonObject, path: Path): void => {
    for (const [name, item] of Object.entries(here)) {
      const property = known[name];
      if (!property || item === undefined) continue;
      const place = [...path, name];
      const { of } = property;
      if (property.secret) found.push(place);
      else if (of && Array.isArray(item))
        item.forEach((each, i) => isObject(each) && look(of, each, [...place, i]));
      else if (of && isObject(item)) look(of, item, place);
    }
  };
  look(properties, value, []);
  return found;
}
