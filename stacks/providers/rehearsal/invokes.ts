import {
  listAt,
  objectAt,
  textAt,
  isObject,
  type Json,
  type JsonObject,
} from "../kubernetes/json.ts";
import { chanceOf } from "./chance.ts";
import { partitionOf } from "./forms/scene.ts";
import { shortRegion } from "./forms/network.ts";
import type { Settings } from "./settings.ts";

/** A function of a provider: arguments and settings in, its result out. */
type Answer = (args: JsonObject, settings: Settings) => JsonObject;

/** Answers of other functions, by token; taken as they are. */
export type Answers = Readonly<Record<string, JsonObject>>;

const regionOf = (args: JsonObject, { region }: Settings): string =>
  textAt(args, "region") || region;

const ANSWERS: Readonly<Record<string, Answer>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account }) => ({
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/rehearsal/rehearsal`,
    id: account,
    userId: "AROAREHEARSAL:rehearsal",
  }),
  "aws:index/getRegion:getRegion": (args, settings) => {
    const region = textAt(args, "name") || regionOf(args, settings);
    return {
      id: region,
      name: region,
      region,
      description: region,
      endpoint: `ec2.${region}.amazonaws.com`,
    };
  },
  "aws:index/getPartition:getPartition": (_, { region }) => {
    const partition = partitionOf(region);
    const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    const reverse = suffix.split(".").toReversed().join(".");
    return { id: partition, partition, dnsSuffix: suffix, reverseDnsPrefix: reverse };
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, settings) => {
    const region = regionOf(args, settings);
    const zones = ["a", "b", "c"];
    return {
      ...args,
      id: region,
      region,
      names: zones.map((zone) => `${region}${zone}`),
      zoneIds: zones.map((_, i) => `${shortRegion(region)}-az${i + 1}`),
      groupNames: [region],
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const json = policyDocument(args);
    return {
      ...args,
      id: String(chanceOf(json).number(2 ** 31)),
      json,
      minifiedJson: JSON.stringify(JSON.parse(json)),
    };
  },
  "aws:ec2/getAmi:getAmi": (args, settings) => {
    const { upper: _, ...chance } = chanceOf(JSON.stringify([args, settings.region]));
    const id = `ami-${chance.hex(17)}`;
    return {
      ...args,
      id,
      imageId: id,
      arn: `arn:aws:ec2:${settings.region}::image/${id}`,
      architecture: "x86_64",
      name: "rehearsed",
      ownerId: settings.account,
      rootDeviceName: "/dev/xvda",
      virtualizationType: "hvm",
      state: "available",
      tags: {},
      blockDeviceMappings: [],
      productCodes: [],
      stateReason: {},
    };
  },
};

/** What a function answers; an unknown one is an error that says what to do, since a made-up answer could mislead. */
export function answerOf(
  token: string,
  args: JsonObject,
  settings: Settings,
  fixtures: Answers,
): JsonObject {
  const fixture = fixtures[token];
  if (fixture) return { ...args, ...fixture };
  const answer = ANSWERS[token];
  if (answer) return answer(args, settings);
  throw new Error(
    `rehearsal cannot answer ${token}: what it reads exists only in the real account; give the value in the environment file, or an answer among the rehearsal's answers`,
  );
}

/** The JSON of a policy document, as the provider lays it out. */
function policyDocument(args: JsonObject): string {
  const sources = [...listAt(args, "sourcePolicyDocuments")].map((text) =>
    statementsOf(String(text)),
  );
  const overrides = [...listAt(args, "overridePolicyDocuments")].map((text) =>
    statementsOf(String(text)),
  );
  const own = listAt(args, "statements").map((one) => statement(objectAt(one)));
  const merged: JsonObject[] = [];
  for (const one of [...sources.flat(), ...own, ...overrides.flat()]) {
    const same = merged.findIndex(
      ({ Sid }) => Sid !== undefined && Sid !== "" && Sid === one["Sid"],
    );
    if (same === -1) merged.push(one);
    else merged[same] = one;
  }
  const id = textAt(args, "policyId");
  return JSON.stringify(
    { Version: textAt(args, "version") || "2012-10-17", ...(id && { Id: id }), Statement: merged },
    null,
    2,
  );
}

function statementsOf(text: string): JsonObject[] {
  const found = (JSON.parse(text) as JsonObject)["Statement"];
  return (Array.isArray(found) ? found : [found ?? null]).filter((one) => isObject(one));
}

function statement(given: JsonObject): JsonObject {
  const single = (list: Json[]): Json => (list.length === 1 ? (list[0] ?? null) : list);
  const some = (key: string, property: string): JsonObject =>
    listAt(given, property).length > 0 ? { [key]: single(listAt(given, property)) } : {};
  const principals = (property: string): Json | undefined => {
    const list = listAt(given, property);
    if (list.length === 0) return undefined;
    if (list.some((one) => textAt(one, "type") === "*")) return "*";
    return Object.fromEntries(
      list.map((one) => [textAt(one, "type"), single(listAt(one, "identifiers"))]),
    );
  };
  const condition: Record<string, Record<string, Json>> = {};
  for (const one of listAt(given, "conditions"))
    (condition[textAt(one, "test")] ??= {})[textAt(one, "variable")] = single(
      listAt(one, "values"),
    );
  const sid = textAt(given, "sid");
  const principal = principals("principals");
  const notPrincipal = principals("notPrincipals");
  return {
    ...(sid && { Sid: sid }),
    Effect: textAt(given, "effect") || "Allow",
    ...(principal !== undefined && { Principal: principal }),
    ...(notPrincipal !== undefined && { NotPrincipal: notPrincipal }),
    ...some("Action", "actions"),
    ...some("NotAction", "notActions"),
    ...some("Resource", "resources"),
    ...some("NotResource", "notResources"),
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}
