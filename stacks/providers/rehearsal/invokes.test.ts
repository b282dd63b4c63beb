import { expect, test } from "vitest";
import type { JsonObject } from "../kubernetes/json.ts";
import { answerOf } from "./invokes.ts";

const settings = {
  region: "eu-central-1",
  account: "111122223333",
  tags: {},
  namespace: "default",
};
const ask = (name: string, args: JsonObject = {}): JsonObject =>
  answerOf(`aws:${name}`, args, settings, {});

test("account, region, partition and zones are those of the provider", () => {
  expect(ask("index/getCallerIdentity:getCallerIdentity")["accountId"]).toBe("111122223333");
  expect(ask("index/getRegion:getRegion")["name"]).toBe("eu-central-1");
  expect(ask("index/getPartition:getPartition")["dnsSuffix"]).toBe("amazonaws.com");
  const zones = ask("index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  expect(zones["names"]).toEqual(["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
  expect(zones["zoneIds"]).toEqual(["euc1-az1", "euc1-az2", "euc1-az3"]);
});

test("a policy document is laid out as the provider does it", () => {
  const json = ask("iam/getPolicyDocument:getPolicyDocument", {
    statements: [
      {
        sid: "a",
        actions: ["s3:GetObject"],
        resources: ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"],
        principals: [{ type: "AWS", identifiers: ["x"] }],
        conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["true"] }],
      },
    ],
    overridePolicyDocuments: [
      JSON.stringify({ Statement: { Sid: "b", Effect: "Deny", Action: "*", Resource: "*" } }),
    ],
  })["json"];
  expect(JSON.parse(String(json))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "a",
        Effect: "Allow",
        Principal: { AWS: "x" },
        Action: "s3:GetObject",
        Resource: ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"],
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      },
      { Sid: "b", Effect: "Deny", Action: "*", Resource: "*" },
    ],
  });
});

test("an image has one id for the same question", () => {
  const id = (owner: string) => ask("ec2/getAmi:getAmi", { owners: [owner] })["id"];
  expect(id("amazon")).toMatch(/^ami-[0-9a-f]{17}$/);
  expect(id("amazon")).toBe(id("amazon"));
  expect(id("amazon")).not.toBe(id("self"));
});

test("what only the account knows is an error, or an answer that was given", () => {
  const token = "aws:ssm/getParameter:getParameter";
  expect(() => answerOf(token, {}, settings, {})).toThrow(`cannot answer ${token}`);
  expect(answerOf(token, { name: "n" }, settings, { [token]: { value: "v" } })).toEqual({
    name: "n",
    value: "v",
  });
});
