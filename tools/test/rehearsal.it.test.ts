import { cpSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { derivePassword } from "../../components/base/password.ts";
import { readKey } from "../../stacks/state/key.ts";
import { rehearsalRoot } from "../../stacks/state/rehearsal.ts";
import { changesOf, clone, filesIn, firstLine, NOTHING } from "./rehearsed.ts";
import { runFairwayWith, type Document, type Ran, type TestRoot } from "./root.ts";

describe.sequential("the examples in prod, without any credential", () => {
  const SERVICES = ["shop-api", "shop-orders", "shop-report", "shop-web", "user-service"];
  let root: TestRoot;
  const outputs: string[] = [];
  const run = async (...args: string[]): Promise<Ran> => {
    const ran = await root.fairway(...args, "--all", "--env", "prod");
    outputs.push(ran.stdout, ran.stderr);
    return ran;
  };
  const json = async (...args: string[]): Promise<Document> => {
    const document = await root.json(...args, "--all", "--env", "prod");
    outputs.push(JSON.stringify(document));
    return document;
  };
  const ownRoot = (): string => rehearsalRoot(root.folder, "prod");
  beforeAll(() => {
    root = clone(NOTHING, ...SERVICES);
  });
  afterAll(() => root?.remove());

  test("a preview shows what AWS would be asked for, and says that it was rehearsed", async () => {
    const ran = await run("preview", "--rehearse");
    expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code: 0 });
    expect(firstLine(ran)).toMatch(/^rehearsed: /);
    const sections = ran.stdout.split(/^(?=[✓✗] )/m);
    const section = (stack: string): string => sections.find((text) => text.includes(stack))!;
    expect(section("user-service.prod")).toContain("create aws:rds/instance:Instance");
    expect(section("user-service.prod")).toContain("create aws:iam/role:Role");
    expect(section("shop-orders.prod")).toContain("create aws:ec2/securityGroup:SecurityGroup");
    expect(section("shop-api.prod")).toMatch(/create aws:(s3|sqs|rds|elasticache)\//);
  });

  test("a preview rehearses by itself and says why; an update does not, and touches nothing", async () => {
    const preview = await json("preview");
    expect(preview).toMatchObject({ exit: 0, rehearsed: true });
    expect(preview.data?.["because"]).toContain("no AWS credentials");
    const before = filesIn(root.folder);
    const up = await run("up");
    expect(up.code).toBe(1);
    for (const word of ["FW5031", "FAIRWAY_KEY", "s3://", "AWS credentials", "the account"])
      expect(up.stderr).toContain(word);
    expect(filesIn(root.folder)).toEqual(before);
    for (const command of ["drift", "status", "destroy"])
      expect((await run(command, "--yes")).stderr).toContain("FW5031");
    expect(filesIn(root.folder)).toEqual(before);
  });

  test("a rehearsed update is followed by a preview without changes", async () => {
    const up = await json("up", "--rehearse");
    expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
    expect(up.rehearsed).toBe(true);
    expect(changesOf(up).some((line) => line.startsWith("user-service.prod create aws:rds/"))).toBe(
      true,
    );
    const again = await json("preview", "--rehearse");
    expect({ exit: again.exit, changes: changesOf(again) }).toEqual({ exit: 0, changes: [] });
    expect(again.data?.["because"]).toBe("nothing was contacted");
    const drift = await run("drift", "--rehearse");
    expect({ code: drift.code, first: firstLine(drift) }).toMatchObject({
      code: 0,
      first: expect.stringMatching(/^rehearsed: /),
    });
    const status = await json("status", "--rehearse");
    expect(status).toMatchObject({ exit: 0, rehearsed: true });
    const rows = status.data!["stacks"] as { state: string }[];
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["current"]));
    const told = await root.fairway("outputs", "user-service", "--env", "prod", "--rehearse");
    expect({ code: told.code, first: firstLine(told) }).toMatchObject({
      code: 0,
      first: expect.stringMatching(/^rehearsed: /),
    });
  });

  test("a change of one field changes what it is about, and nothing that only reads it", async () => {
    const change = (file: string, from: string, to: string): string => {
      const before = root.read(file);
      expect(before).toContain(from);
      root.write(file, before.replace(from, to));
      return before;
    };
    const [request, score] = ["services/user-service/service.yaml", "services/shop-api/score.yaml"];
    const [sized, small] = [
      change(request, "memory: 1Gi", "memory: 2Gi"),
      change(
        score,
        "orders: { type: postgres }",
        "orders: { type: postgres, params: { size: large } }",
      ),
    ];
    const two = ["user-service", "shop-api", "--env", "prod", "--rehearse"];
    const preview = await root.json("preview", ...two);
    expect({ exit: preview.exit, changes: changesOf(preview) }).toEqual({
      exit: 0,
      changes: [
        "shop-api.prod update aws:rds/instance:Instance shop-api-orders-instance",
        "user-service.prod update kubernetes:apps/v1:Deployment user-service-workload-deployment",
      ],
    });
    root.write(request, sized);
    root.write(score, small);
  });

  test("its state stands apart, marked, and holds no secret in clear", async () => {
    expect(existsSync(path.join(root.folder, ".fairway", "state"))).toBe(false);
    expect(existsSync(path.join(root.folder, ".fairway", "key"))).toBe(false);
    const plans = await root.json("plan", "--env", "prod");
    const key = readKey(ownRoot());
    const identities = [...JSON.stringify(plans.data).matchAll(/"identity":"([^"]+)"/g)].map(
      ([, identity = ""]) => identity,
    );
    const passwords = identities.flatMap((identity) =>
      [identity, `${identity}/administrator`].map((one) => derivePassword(key.bytes, one, 1)),
    );
    expect(passwords.length).toBeGreaterThan(0);
    const words = [key.hex, ...passwords].flatMap((word) => [
      word,
      Buffer.from(word).toString("base64"),
    ]);
    const files = filesIn(root.folder).filter((file) => !file.endsWith("/key"));
    expect(files.some((file) => file.includes("/world/"))).toBe(true);
    expect(files.some((file) => file.endsWith(".update.jsonl"))).toBe(true);
    for (const text of [...files.map((file) => readFileSync(file, "latin1")), ...outputs])
      expect(words.filter((word) => text.includes(word))).toEqual([]);
    for (const file of filesIn(path.join(ownRoot(), ".fairway", "world")))
      expect(statSync(file).mode & 0o077).toBe(0);
  });

  test("a real run refuses it, marked folder or copied file", async () => {
    const state = path.join(ownRoot(), ".fairway", "state");
    const copy = path.join(root.folder, "copied");
    cpSync(path.join(state, ".pulumi"), path.join(copy, ".pulumi"), { recursive: true });
    const document = parse(root.read("environments/prod.yaml")) as {
      spec: Record<string, unknown>;
    };
    const real = (backend: string): void =>
      root.write(
        "environments/prod.yaml",
        stringify({
          ...document,
          spec: {
            ...document.spec,
            cluster: { context: "nowhere" },
            state: { backend: `file://${backend}` },
            secretsProvider: "passphrase",
          },
        }),
      );
    const aws = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" };
    try {
      for (const backend of [state, copy]) {
        real(backend);
        const before = filesIn(backend).map((file) => [file, readFileSync(file, "utf8")]);
        for (const args of [
          ["up", "shop-report"],
          ["destroy", "shop-report", "--yes"],
        ]) {
          const ran = await runFairwayWith(
            { ...NOTHING, ...aws },
            ...args,
            "--env",
            "prod",
            "--json",
            "--root",
            root.folder,
          );
          const told = JSON.parse(ran.stdout) as Document;
          expect({ args, exit: told.exit, stderr: ran.stderr }).toMatchObject({ args, exit: 4 });
          expect([...new Set(told.problems.map(({ code }) => code))]).toEqual(["FW5030"]);
        }
        expect(filesIn(backend).map((file) => [file, readFileSync(file, "utf8")])).toEqual(before);
      }
    } finally {
      root.write("environments/prod.yaml", stringify(document));
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
