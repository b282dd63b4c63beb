import { textAt, type Json, type JsonObject } from "../../kubernetes/json.ts";
import type { Chance } from "../chance.ts";
import type { Settings } from "../settings.ts";

/** Everything that an id, an ARN or an endpoint is made of. */
export interface Scene {
  /** What was given, defaults included. */
  given: JsonObject;
  chance: Chance;
  region: string;
  account: string;
  /** The physical name where one is given, else the program's. */
  name: string;
  /** A given text; empty where it is none. */
  text(property: string): string;
  /** What was given, else what AWS would choose. */
  or(property: string, otherwise: Json): Json;
  /** `arn:aws:<service>:<region>:<account>:<resource>`. */
  arn(service: string, resource: string): string;
  /** The same without a region, as IAM has it. */
  globalArn(service: string, resource: string): string;
}

/** What the cloud makes of a resource. */
export interface Form {
  id: string;
  outputs?: JsonObject;
}

/** One entry of a table of forms. */
export type FormOf = (scene: Scene) => Form;

/** Where everything was created: rehearsal has no clock of its own in its outputs, so that they repeat. */
export const BEGINNING = "2006-01-02T15:04:05Z";

/** The scene of a resource. */
export function sceneOf(
  settings: Settings,
  given: JsonObject,
  name: string,
  chance: Chance,
): Scene {
  const region = textAt(given, "region") || settings.region;
  const { account } = settings;
  return {
    given,
    chance,
    region,
    account,
    name,
    text: (property) => textAt(given, property),
    or: (property, otherwise) => given[property] ?? otherwise,
    arn: (service, resource) =>
      `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`,
    globalArn: (service, resource) =>
      `arn:${partitionOf(region)}:${service}::${account}:${resource}`,
  };
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** A form for what is known by its name, with an ARN of that service and kind. */
export const byName =
  (service: string, kind: string): FormOf =>
  (scene) => ({ id: scene.name, outputs: { arn: scene.arn(service, `${kind}${scene.name}`) } });

/** A form for what is known by one of its inputs. */
export const byInput =
  (property: string): FormOf =>
  (scene) => ({ id: scene.text(property) });
