import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Checked } from "../kubernetes/check.ts";
import { changesBetween } from "../kubernetes/diff.ts";
import { at, type JsonObject } from "../kubernetes/json.ts";
import { decode, hasUnknown, type Values } from "../kubernetes/values.ts";
import { diffAnswer, HalfMadeError } from "./answer.ts";
import { playAws } from "./aws.ts";
import { chanceOf, type Chance } from "./chance.ts";
import { playAny } from "./generic.ts";
import { ASSUMED, KUBERNETES } from "./kubernetes.ts";
import type { Library } from "./library.ts";
import type { Cue, Difference, Made, Player } from "./player.ts";
import { placeOf } from "./existing.ts";
import { openDirector, type Director, type Scenario } from "./scenario.ts";
import { veiled, type Thing, type World } from "./world.ts";

/** The operations of the protocol on resources, whoever plays them. */
export interface Stage {
  diffConfig(request: proto.DiffRequest): proto.DiffResponse;
  check(cue: Cue, olds: Values, news: Values, seed: Uint8Array): Promise<Checked>;
  diff(cue: Cue, old: JsonObject, now: JsonObject, stored: JsonObject): Promise<Difference>;
  create(cue: Cue, inputs: Values, preview: boolean): Promise<Made>;
  /** Undefined where it does not exist. */
  read(cue: Cue, id: string, inputs: Values, outputs: Values): Promise<Found | undefined>;
  update(cue: Cue, id: string, inputs: Values, olds: Olds, preview: boolean): Promise<Values>;
  remove(cue: Cue, id: string, stored: Values): Promise<void>;
}

/** A resource as it stood before an update. */
interface Olds {
  inputs: Values;
  outputs: Values;
}

/** What a read finds. */
interface Found {
  id: string;
  inputs: Values;
  outputs: Values;
}

/** How often, and with which pauses, a creation waits for what it names to be seen. */
const PATIENCE = 40;
const GLANCE = 50;

/** The stage of one server. */
export function openStage(around: {
  library: Library;
  world: World;
  scenario: Scenario;
  now: () => number;
}): Stage {
  const { library, world, now } = around;
  const players: Readonly<Record<string, Player>> = {
    aws: playAws(library),
    kubernetes: KUBERNETES,
  };
  const any = playAny(library);
  const playerOf = ({ type }: Cue): Player => players[type.split(":")[0] ?? ""] ?? any;
  const directors = new WeakMap<Cue["pause"], Director>();
  const counted = new Map<string, number>();
  const directorOf = ({ pause }: Cue): Director => {
    const known = directors.get(pause) ?? openDirector(around.scenario, pause, counted);
    directors.set(pause, known);
    return known;
  };
  const chance = (urn: string, generation: number): Chance => chanceOf(`${urn} ${generation}`);
  const record = (cue: Cue, made: Made, inputs: Values, more: Partial<Thing> = {}): Thing => ({
    urn: cue.urn,
    type: cue.type,
    id: made.id,
    inputs: veiled(inputs),
    outputs: veiled(made.outputs),
    ...(cue.type.startsWith("aws:") && { place: placeOf(cue, inputs.value) }),
    ...more,
  });

  return {
    diffConfig(request) {
      const old = decode(request.hasOldInputs() ? request.getOldInputs() : request.getOlds()).value;
      const changes = changesBetween(old, decode(request.getNews()).value);
      return diffAnswer({ changes, replacing: [], deleteFirst: false });
    },
    check: (cue, olds, news, seed) => playerOf(cue).check(cue, olds, news, seed),
    async diff(cue, old, now, stored) {
      const difference = await playerOf(cue).diff(cue, old, now, stored);
      if (difference.changes.length > 0 && library.unknown.has(cue.type))
        cue.warn(
          cue.type,
          cue.urn,
          `replacement unknown: no table says which changes replace ${cue.type}; shown is an update`,
        );
      return difference;
    },
    async create(cue, inputs, preview) {
      const player = playerOf(cue);
      if (preview) return await player.foresee(cue, inputs);
      const director = directorOf(cue);
      await director.before("create", cue);
      await untilSeen(cue, inputs, now);
      const refusal = player.refuseCreation(cue, inputs.value);
      if (refusal !== undefined) throw new Error(refusal);
      const generation = world.nextGeneration(cue.urn);
      const made = await player.make(cue, inputs, chance(cue.urn, generation));
      const hidden = director.hidden(cue);
      const more = hidden > 0 ? { visibleAt: now() + hidden } : {};
      await world.put(record(cue, made, inputs, { ...more, generation }), generation);
      const failure = director.afterCreate(cue);
      if (failure !== undefined) throw new HalfMadeError(failure, made, inputs);
      return made;
    },
    async read(cue, id, inputs, outputs) {
      await directorOf(cue).before("read", cue);
      const isKnown = Object.keys(outputs.value).length > 0;
      const thing =
        world.get(cue.urn, cue.type, id) ??
        (isKnown ? undefined : world.all().find((one) => one.type === cue.type && one.id === id));
      if (!isKnown) {
        const assumed = thing ? undefined : playerOf(cue).assume?.(cue, id);
        if (assumed) return { id, inputs: assumed, outputs: assumed };
        if (!thing)
          throw new Error(
            `${cue.type} ${id} was never rehearsed: what exists in the real account is not known here`,
          );
        return shown(thing);
      }
      if (!thing && at(outputs.value, "metadata", "annotations", ASSUMED) !== undefined)
        return { id, inputs, outputs };
      if (!thing) return world.knows(cue.urn) ? undefined : { id, inputs, outputs };
      const drift = thing.drift ?? {};
      return {
        id,
        inputs: overlaid(inputs, drift, (name) => inputs.value[name] !== undefined),
        outputs: overlaid(outputs, drift, () => true),
      };
    },
    async update(cue, id, inputs, olds, preview) {
      if (!preview) await directorOf(cue).before("update", cue);
      const thing = world.get(cue.urn, cue.type, id);
      const generation = thing?.generation ?? world.generation(cue.urn);
      const made = await playerOf(cue).make(cue, inputs, chance(cue.urn, generation));
      const outputs = kept(olds, made.outputs);
      if (!preview) await world.put(record(cue, { id, outputs }, inputs, { generation }));
      return outputs;
    },
    async remove(cue, id, stored) {
      await directorOf(cue).before("delete", cue);
      const refusal = playerOf(cue).refuseDeletion(cue, id, stored.value);
      if (refusal !== undefined) throw new Error(refusal);
      await world.remove(cue.urn, cue.type, id);
    },
  };
}

/** Waits for what the inputs name by id, where it exists and is not seen yet; AWS says then that it does not exist. */
async function untilSeen(cue: Cue, inputs: Values, now: () => number): Promise<void> {
  const text = JSON.stringify(inputs.value);
  for (let glance = 0; ; glance++) {
    const hidden = cue.world
      .all()
      .find(
        ({ visibleAt, id, outputs, urn }) =>
          visibleAt !== undefined &&
          visibleAt > now() &&
          urn !== cue.urn &&
          [id, outputs["arn"]].some(
            (one) => typeof one === "string" && one && text.includes(JSON.stringify(one)),
          ),
      );
    if (!hidden) return;
    if (glance >= PATIENCE)
      throw new Error(
        `${hidden.id} does not exist (rehearsed: it was created and is not seen yet)`,
      );
    await cue.pause(GLANCE);
  }
}

/** What an import or a `get` finds of what was rehearsed. */
function shown({ id, inputs, outputs, drift }: Thing): Found {
  const plain = (value: JsonObject): Values => ({ value: { ...value, ...drift }, secrets: [] });
  return { id, inputs: { value: inputs, secrets: [] }, outputs: plain(outputs) };
}

function overlaid(
  { value, secrets }: Values,
  drift: JsonObject,
  takes: (name: string) => boolean,
): Values {
  const taken = Object.entries(drift).filter(([name]) => takes(name));
  return { value: { ...value, ...Object.fromEntries(taken) }, secrets };
}

/** Outputs after an update: what is made anew, and of the old what nobody had given and the cloud still holds. */
function kept({ inputs, outputs }: Olds, made: Values): Values {
  const left = Object.entries(outputs.value).filter(
    ([name, value]) =>
      made.value[name] === undefined &&
      inputs.value[name] === undefined &&
      !hasUnknown(value) &&
      !name.startsWith("__"),
  );
  return {
    value: { ...Object.fromEntries(left), ...made.value },
    secrets: [...outputs.secrets, ...made.secrets],
  };
}
