import { isObject, listAt, textAt, numberAt, type Json } from "../kubernetes/json.ts";

/** What a scene can do to an operation. */
export const PLAYS = ["slow", "throttle", "fail", "fail-after-create", "eventual"] as const;
/** Operations that a scene can happen to. */
export const OPERATIONS = ["create", "read", "update", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Something that happens to operations, for tests. */
export interface Disturbance {
  /**
   * `slow`: it takes `milliseconds` longer. `throttle`: AWS says "Rate exceeded" `times` times; the provider tries again
   * with growing pauses, and gives up after `retries`. `fail`: it fails. `fail-after-create`: what was to be created
   * exists, and the operation fails. `eventual`: what was created is not seen by others for `milliseconds`.
   */
  play: (typeof PLAYS)[number];
  /** Token of the type; `*` stands for anything. Default: every type. */
  type?: string;
  /** Name of the resource in the program; `*` stands for anything. Default: every name. */
  name?: string;
  /** Default: `create`. */
  operation?: Operation;
  milliseconds?: number;
  /** How often it happens to one resource. Default: always; of `throttle` 1. */
  times?: number;
  /** What the error says. */
  message?: string;
}

/** Disturbances in their order; each that fits happens. */
export type Scenario = readonly Disturbance[];

/**
 * A scenario from JSON: `{"disturbances": [{"play": "slow", "type": "aws:rds/*", "milliseconds": 500}]}`.
 * @throws Error that names the entry that cannot be read.
 */
export function readScenario(text: string): Scenario {
  const list = listAt(JSON.parse(text) as Json, "disturbances");
  return list.map((one, i): Disturbance => {
    const bad = (what: string): Error => new Error(`disturbance ${i + 1} of the scenario: ${what}`);
    if (!isObject(one)) throw bad("must be an object");
    const play = PLAYS.find((each) => each === one["play"]);
    if (!play) throw bad(`play must be one of ${PLAYS.join(", ")}`);
    const operation = OPERATIONS.find((each) => each === (one["operation"] ?? "create"));
    if (!operation) throw bad(`operation must be one of ${OPERATIONS.join(", ")}`);
    const [type, name, message] = ["type", "name", "message"].map((key) => textAt(one, key));
    return {
      play,
      operation,
      ...(type && { type }),
      ...(name && { name }),
      ...(message && { message }),
      ...(one["milliseconds"] !== undefined && { milliseconds: numberAt(one, ["milliseconds"]) }),
      ...(one["times"] !== undefined && { times: numberAt(one, ["times"]) }),
    };
  });
}

/** Attempts of the provider before it gives up on a request that AWS throttles. */
const RETRIES = 4;
const FIRST_PAUSE = 20;

/** Plays a scenario; what happened how often is remembered by resource. */
export interface Director {
  /** Waits and throws as the scenario has it, before the operation is done. */
  before(
    operation: Operation,
    resource: { type: string; name: string; urn: string },
  ): Promise<void>;
  /** Why the creation fails although the resource exists, if it does. */
  afterCreate(resource: { type: string; name: string; urn: string }): string | undefined;
  /** Milliseconds for which others do not see what was created. */
  hidden(resource: { type: string; name: string; urn: string }): number;
}

/** A director of the given scenario; `pause` waits, and throws when the operation is cancelled; `happened` counts. */
export function openDirector(
  scenario: Scenario,
  pause: (milliseconds: number) => Promise<void>,
  happened: Map<string, number> = new Map(),
): Director {
  /** The next disturbance of that kind, if it is due; it is counted. */
  const due = (
    index: number,
    { type = "*", name = "*", operation = "create", times, play }: Disturbance,
    now: Operation,
    resource: { type: string; name: string; urn: string },
  ): boolean => {
    if (operation !== now || !fits(type, resource.type) || !fits(name, resource.name)) return false;
    const key = `${index} ${resource.urn}`;
    const count = happened.get(key) ?? 0;
    if (count >= (times ?? (play === "throttle" ? 1 : Infinity))) return false;
    happened.set(key, count + 1);
    return true;
  };
  return {
    async before(operation, resource) {
      for (const [index, one] of scenario.entries()) {
        if (one.play === "slow" && due(index, one, operation, resource))
          await pause(one.milliseconds ?? 0);
        if (one.play === "fail" && due(index, one, operation, resource))
          throw new Error(one.message ?? `${operation} failed: InternalFailure (rehearsed)`);
        if (one.play !== "throttle") continue;
        for (let attempt = 0; due(index, one, operation, resource); attempt++) {
          if (attempt >= RETRIES)
            throw new Error(
              one.message ??
                `ThrottlingException: Rate exceeded; gave up after ${RETRIES} retries (rehearsed)`,
            );
          await pause(FIRST_PAUSE * 2 ** attempt);
        }
      }
    },
    afterCreate(resource) {
      const found = [...scenario.entries()].find(
        ([index, one]) => one.play === "fail-after-create" && due(index, one, "create", resource),
      );
      return found && (found[1].message ?? "it was created, and waiting for it failed (rehearsed)");
    },
    hidden: (resource) =>
      scenario
        .filter((one, index) => one.play === "eventual" && due(index, one, "create", resource))
        .reduce((most, { milliseconds = 0 }) => Math.max(most, milliseconds), 0),
  };
}

function fits(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(text);
}
