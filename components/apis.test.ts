import { runtime } from "@pulumi/pulumi";
import { describe, expect, it, test } from "vitest";
import { recordProgram } from "../stacks/record/record.ts";
import type { DriverRequest } from "../stacks/contract/driver.ts";
import type { Json } from "../stacks/contract/value.ts";
import { plannedProgram, requestOf } from "../tools/test/pod/objects.ts";
import { findDriver } from "./catalog.ts";
import { planRoute } from "./route/route.plan.ts";

const EXAMPLES = {
  dns: () => import("./dns/examples/host.ts"),
  dynamodb: () => import("./dynamodb/examples/table.ts"),
  route: () => import("./route/examples/route-alb.ts"),
  s3: () => import("./s3/examples/bucket.ts"),
  secret: () => import("./secret/examples/held-secret.ts"),
  sns: () => import("./sns/examples/topic.ts"),
  sqs: () => import("./sqs/examples/queue.ts"),
};

describe.each(Object.entries(EXAMPLES))("example %s", (name, example) => {
  it("registers what it registered before, named after its component", async () => {
    const views = await recordProgram("example.prod", example);
    const component = views.find(({ type }) => type.startsWith(`fairway:${name}:`));
    const children = views.filter(({ parent }) => parent === component?.urn);
    // Of a secret that a team brings, only its name is known.
    expect(children.length > 0).toBe(name !== "secret");
    for (const child of children) expect(child.name.startsWith(`${component?.name}-`)).toBe(true);
    expect(views).toMatchSnapshot();
  });
});

const register = (name: string, params = {}) =>
  recordProgram("shop-api.test", plannedProgram(name, params));

test("a bucket is reached by its user's keys as far as by the role of its pods", async () => {
  const views = await register("s3-aws");
  const of = (type: string) => views.filter((view) => view.type === `aws:${type}`);
  const [policy] = of("iam/userPolicy:UserPolicy");
  expect(JSON.parse(String(policy?.props["policy"])).Statement).toMatchObject([
    { Sid: "storeBucket", Resource: ["arn:aws:s3:::shop-api-store-test-444444444444"] },
    { Sid: "storeObjects", Resource: ["arn:aws:s3:::shop-api-store-test-444444444444/*"] },
    {
      Sid: "storeKey",
      Condition: { StringEquals: { "kms:ViaService": ["s3.eu-central-1.amazonaws.com"] } },
    },
  ]);
  expect(of("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")[0]?.props).toMatchObject({
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
});

test("the secret key goes to Secrets Manager as a secret, under the names of the outputs", async () => {
  const kept: unknown[] = [];
  await runtime.setMocks(
    {
      newResource: ({ name, type, inputs }) => {
        if (type === "aws:secretsmanager/secretVersion:SecretVersion")
          kept.push(inputs.secretString);
        const made = type === "aws:iam/accessKey:AccessKey" ? { secret: "planted-0042" } : {};
        return { id: `${name}-id`, state: { ...inputs, ...made } };
      },
      call: ({ inputs }) => inputs,
    },
    "fairway",
    "shop-api.test",
    false,
  );
  await plannedProgram("s3-aws")();
  await runtime.disconnect();
  expect(kept.map((secret) => runtime.isRpcSecret(secret))).toEqual([true]);
  expect(JSON.parse(String(runtime.unwrapRpcSecret(kept[0])))).toEqual({
    access_key_id: "shop-api-store-key-1-id",
    secret_key: "planted-0042",
    aws_access_key_id: "shop-api-store-key-1-id",
    aws_secret_key: "planted-0042",
  });
});

test("a bucket without keys has no user and no secret; raising the rotation makes another key of the same user", async () => {
  const names = async (params = {}) =>
    (await register("s3-aws", params))
      .map(({ name }) => name)
      .filter((name) => /user|key|secret/.test(name));
  expect(await names({ keys: false })).toEqual([]);
  const [first, second] = [await names(), await names({ rotation: 2 })];
  expect(first).toContain("shop-api-store-key-1");
  expect(second).toEqual(first.map((name) => name.replace("key-1", "key-2")));
});

test("a queue of sensitive data is encrypted with its key, other queues with keys of SQS", async () => {
  const queues = async (params = {}) =>
    (await register("sqs", params))
      .filter(({ type }) => type === "aws:sqs/queue:Queue")
      .map(({ props }) => [
        props["name"],
        "kmsMasterKeyId" in props,
        props["sqsManagedSseEnabled"],
      ]);
  expect(await queues()).toEqual([
    ["shop-api-store-test-dead", false, true],
    ["shop-api-store-test", false, true],
  ]);
  expect(await queues({ encryption: "kms", fifo: true })).toEqual([
    ["shop-api-store-test-dead.fifo", true, undefined],
    ["shop-api-store-test.fifo", true, undefined],
  ]);
});

test.each(["s3-aws", "sqs", "sns", "dynamodb"])(
  "%s is reached over HTTPS by the asking workload, with the least it needs",
  (name) => {
    const face = findDriver(name)!;
    const answer = face.plan(requestOf(face));
    expect(answer.edges).toMatchObject([
      {
        from: { kind: "self", item: "" },
        to: { kind: "entity", entity: "cloud-api" },
        port: 443,
        protocol: "TCP",
      },
    ]);
    expect(
      answer.iam?.map(({ sid, actions, resources }) => ({ sid, actions, resources })),
    ).toMatchSnapshot();
  },
);

test("reading a bucket or a table, or only sending to a queue, allows no more than that", () => {
  const actions = (name: string, params: Readonly<Record<string, Json>>) => {
    const face = findDriver(name)!;
    return face.plan(requestOf(face, params)).iam?.flatMap((statement) => statement.actions);
  };
  expect(actions("s3-aws", { access: "read", keys: false })).toEqual([
    "s3:GetBucketLocation",
    "s3:ListBucket",
    "s3:GetObject",
    "kms:Decrypt",
  ]);
  expect(actions("dynamodb", { access: "read" })?.join(" ")).not.toMatch(/Put|Write|Update|Delete/);
  expect(actions("sqs", { access: "send" })).toEqual([
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:SendMessage",
  ]);
});

test("names are known before anything runs, fit their service and end in the environment", () => {
  const of = (name: string, change: Partial<DriverRequest<unknown>>, params = {}) => {
    const face = findDriver(name)!;
    return face.plan({ ...requestOf(face, params), ...change }).outputs;
  };
  const long = { service: "s".repeat(63), id: "i".repeat(40) };
  expect(of("s3-aws", {})["bucket"]).toBe("shop-api-store-test-444444444444");
  expect(String(of("s3-aws", long)["bucket"])).toMatch(/^[a-z0-9-]{63}$/);
  expect(of("s3-aws", {}, { name: "company-invoices" })["bucket"]).toBe("company-invoices");
  expect(String(of("sqs", long, { fifo: true })["name"])).toMatch(/^[a-z0-9-]{1,75}\.fifo$/);
  expect(of("sqs", {})["url"]).toBe(
    "https://sqs.eu-central-1.amazonaws.com/444444444444/shop-api-store-test",
  );
  expect(of("sns", {})["arn"]).toBe("arn:aws:sns:eu-central-1:444444444444:shop-api-store-test");
  expect(of("dynamodb", {})["arn"]).toBe(
    "arn:aws:dynamodb:eu-central-1:444444444444:table/shop-api-store-test",
  );
});

test("a zone holds names under its domain and no others", () => {
  const face = findDriver("dns-route53")!;
  const host = (name?: string) =>
    face.plan(requestOf(face, name === undefined ? {} : { host: name }));
  expect(host().outputs).toEqual({
    host: "shop-api.test.example",
    url: "https://shop-api.test.example",
  });
  for (const other of ["test.example", "shop.example.com", "nottest.example"])
    expect(() => host(other)).toThrow(/FW3003.*the zone of test cannot hold/);
});

test("routes of an environment are answered as its rule says", () => {
  const { environment } = requestOf(findDriver("route-alb")!);
  const input = {
    name: "shop",
    namespace: "shop",
    labels: {},
    host: "shop.test.example",
    path: "/",
    service: { name: "shop", port: 80 },
  };
  const by = (rule: object) =>
    planRoute(input, {
      ...environment,
      resources: [{ type: "route", class: "*", driver: "route-alb", params: {}, ...rule }],
    });
  expect(by({})).toMatchObject({ ingressClass: "fairway", tls: {} });
  expect(by({}).annotations["alb.ingress.kubernetes.io/certificate-arn"]).toEqual({
    $template: [{ ref: "platform", output: "certificateArn", secret: false }],
  });
  expect(by({ params: { scheme: "internal" } }).ingressClass).toBe("fairway-internal");
  expect(by({ driver: "route" })).toMatchObject({ ingressClass: "fairway", annotations: {} });
});

test("a secret of the team is found by its name alone, and its key opens it through Secrets Manager only", () => {
  const face = findDriver("secret-aws")!;
  const { args, iam, outputs } = face.plan(requestOf(face));
  expect(args).toEqual({ name: "fairway/test/shop-api/store" });
  expect(outputs["value"]).toEqual({
    $template: [{ ref: "store", output: "value", secret: true, held: "cloud" }],
  });
  expect(iam).toMatchObject([
    {
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      resources: [
        "arn:aws:secretsmanager:eu-central-1:444444444444:secret:fairway/test/shop-api/store-??????",
      ],
    },
    {
      actions: ["kms:Decrypt"],
      conditions: {
        StringEquals: { "kms:ViaService": ["secretsmanager.eu-central-1.amazonaws.com"] },
      },
    },
  ]);
});
