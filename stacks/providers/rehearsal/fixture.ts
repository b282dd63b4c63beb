import type { JsonObject } from "../kubernetes/json.ts";
import type { Values } from "../kubernetes/values.ts";
import { playAws } from "./aws.ts";
import { chanceOf } from "./chance.ts";
import { openLibrary } from "./library.ts";
import type { Cue } from "./player.ts";
import { placeOf } from "./existing.ts";
import { openWorld, type World } from "./world.ts";

/** A cue for tests: a resource of stack `test` in account 111122223333, region eu-central-1. */
export function cue(type: string, name: string, world: World = openWorld(undefined)): Cue {
  const token = type.startsWith("kubernetes:") ? type : `aws:${type}`;
  return {
    urn: `urn:pulumi:test::fairway::${token}::${name}`,
    type: token,
    name,
    settings: {
      region: "eu-central-1",
      account: "111122223333",
      tags: { team: "a" },
      namespace: "default",
    },
    world,
    pause: () => Promise.resolve(),
    warn: () => undefined,
    now: 0,
  };
}

/** Values without secrets. */
export const plain = (value: JsonObject): Values => ({ value, secrets: [] });

const aws = playAws(openLibrary());

/** What Check says of new inputs. */
export const checked = (type: string, inputs: JsonObject, world?: World, olds: JsonObject = {}) =>
  aws.check(cue(type, "one", world), plain(olds), plain(inputs), new Uint8Array(32));

/** The reasons for which Check refuses new inputs. */
export const reasons = async (type: string, inputs: JsonObject, world?: World): Promise<string[]> =>
  (await checked(type, inputs, world)).refusals.map(
    ({ property, reason }) => `${property}: ${reason}`,
  );

/** Puts a resource into a world, and gives its id. */
export async function exists(
  world: World,
  type: string,
  name: string,
  inputs: JsonObject,
): Promise<string> {
  const here = cue(type, name, world);
  const made = await aws.make(here, plain(inputs), chanceOf(here.urn));
  await world.put(
    {
      urn: here.urn,
      type: here.type,
      id: made.id,
      inputs,
      outputs: made.outputs.value,
      place: placeOf(here, inputs),
    },
    1,
  );
  return made.id;
}

/** Paths that change, and those that replace, between two sets of inputs. */
export async function difference(type: string, old: JsonObject, now: JsonObject, stored = old) {
  const { changes, replacing, deleteFirst } = await aws.diff(cue(type, "one"), old, now, stored);
  const paths = (list: typeof changes): string[] => list.map(({ path }) => path.join("."));
  return { changes: paths(changes), replacing: paths(replacing), deleteFirst };
}
