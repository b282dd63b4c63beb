import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "./client.ts";
import type { Target } from "./discovery.ts";
import { CancelledError, statusOf } from "./failure.ts";
import { textAt, type JsonObject } from "./json.ts";

/** An object followed by watch. */
export interface Followed {
  /** The newest state; undefined once it is gone. */
  current(): JsonObject | undefined;
  /** Resolves at the next change, or after this many milliseconds; throws when cancelled or when reading it failed. */
  changed(atMost: number): Promise<void>;
  stop(): void;
}

const REOPEN = 200;
/** A stream that has been silent for so long is not trusted: the object is read. */
const SILENT = 5_000;

/** Follows one object from `first` on. A stream that breaks is opened again; one that is silent is backed by reading the object. */
export function follow(
  client: Client,
  target: Target,
  first: JsonObject,
  signal: AbortSignal,
): Followed {
  const ended = new AbortController();
  const end = AbortSignal.any([signal, ended.signal]);
  let current: JsonObject | undefined = first;
  let failure: unknown;
  let wake = (): void => {};
  let events = 0;
  const set = (object: JsonObject | undefined): void => {
    events++;
    current = object;
    wake();
  };

  const following = (): boolean => !end.aborted && current !== undefined;

  const run = async (): Promise<void> => {
    while (following()) {
      const query = {
        fieldSelector: `metadata.name=${target.name}`,
        resourceVersion: textAt(current, "metadata", "resourceVersion"),
      };
      for await (const event of client.watch(target.collection, query, end)) {
        if (event.type === "ERROR") break;
        if (event.type === "DELETED") return set(undefined);
        if (event.type !== "BOOKMARK") set(event.object);
      }
      if (end.aborted) return;
      await sleep(REOPEN, undefined, { signal: end });
      set(await read(client, target));
    }
  };
  const check = async (): Promise<void> => {
    while (following()) {
      const before = events;
      await sleep(SILENT, undefined, { signal: end });
      if (events === before && following()) set(await read(client, target));
    }
  };
  for (const task of [run(), check()]) {
    task.catch((error: unknown) => {
      if (end.aborted) return;
      failure = error;
      wake();
    });
  }

  return {
    current: () => current,
    async changed(atMost) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          wake = () => {};
          resolve();
        };
        const timer = setTimeout(done, atMost);
        wake = done;
        signal.addEventListener("abort", done, { once: true });
        if (signal.aborted) done();
      });
      if (signal.aborted) throw new CancelledError();
      if (failure !== undefined) throw failure;
    },
    stop: () => ended.abort(),
  };
}

/** The live object; undefined where it does not exist. */
export async function read(
  client: Client,
  target: Target,
  signal?: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    return (await client.request({ method: "GET", path: target.path, signal })).body;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
