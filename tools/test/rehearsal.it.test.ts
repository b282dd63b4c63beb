import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { derivePassword } from "../../components/base/password.ts";
import type { Change } from "../../stacks/contract/result.ts";
import type { LeaseRecord } from "../../stacks/state/lease.ts";
import { readKey } from "../../stacks/state/key.ts";
import { rehearsalRoot } from "../../stacks/state/rehearsal.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { testRoot, type Document, type Ran, type TestRoot } from "./root.ts";

type Stack = { stack: string; status: string; changes: Change[]; problems: { code: string }[] };
const stacksOf = ({ data }: Document): Stack[] => (data?.["stacks"] ?? []) as Stack[];
const changesOf = (document: Document): string[] =>
  stacksOf(document).flatMap(({ stack, changes }) =>
    changes
      .filter(({ op }) => isOp(op))
      .map(({ op, type, name }) => `${stack} ${op} ${type} ${name}`),
  );
const firstLine = ({ stdout }: Ran): string => stdout.split("\n")[0]!;

/** Planted where credentials would be: none of it may be written down. */
const PLANTED = { key: "5ec7e75ec7e7".padEnd(64, "a"), secret: "planted/Secret+Access/Key" };
/** No credentials of any kind. */
const NOTHING = {
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_DEFAULT_PROFILE: "",
  AWS_WEB_IDENTITY_TOKEN_FILE: "",
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
  AWS_CONFIG_FILE: "/nowhere/config",
  KUBECONFIG: "/nowhere/kubeconfig",
  FAIRWAY_KEY: "",
};

/** A clone of the checkout's descriptors and environments, committed. */
function clone(env: Readonly<Record<string, string>>, ...services: string[]): TestRoot {
  const checkout = checkoutRoot();
  const root = testRoot({
    env,
    services: Object.fromEntries(
      services.map((name) => [name, path.join(checkout, "services", name)]),
    ),
  });
  cpSync(path.join(checkout, "environments"), path.join(root.folder, "environments"), {
    recursive: true,
  });
  root.write(".github/CODEOWNERS", readFileSync(path.join(checkout, ".github/CODEOWNERS"), "utf8"));
  root.write(".gitignore", ".fairway/\n");
  git(root, "init", "-q", "-b", "main");
  commit(root);
  return root;
}

function git({ folder }: TestRoot, ...args: string[]): string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  return execFileSync("git", ["-C", folder, ...who, ...args], { encoding: "utf8" }).trim();
}
const commit = (root: TestRoot): void => {
  git(root, "add", "-A");
  git(root, "commit", "-qm", "change");
};

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .sort();
}

const roots: TestRoot[] = [];
afterAll(() => roots.forEach((root) => root.remove()));

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
    roots.push(root);
  });

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
    const aws = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: PLANTED.secret };
    try {
      for (const backend of [state, copy]) {
        real(backend);
        const before = filesIn(backend).map((file) => [file, readFileSync(file, "utf8")]);
        for (const args of [
          ["up", "shop-report"],
          ["destroy", "shop-report", "--yes"],
        ]) {
          const ran = await withEnv(root, aws, ...args, "--env", "prod", "--json");
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

/** The command with other surroundings than the root's. */
function withEnv(
  root: TestRoot,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ran> {
  const bin = path.join(checkoutRoot(), "fairway.mjs");
  const child = spawn(process.execPath, [bin, ...args, "--root", root.folder], {
    env: { ...process.env, CI: "true", ...NOTHING, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) =>
    child.once("close", (code) => resolve({ code: code ?? 1, stdout, stderr })),
  );
}

/** An environment of AWS in which everything is there already, so that a stack is small. */
const ADOPTED = `apiVersion: platform.company.com/v1
kind: Environment
metadata: { name: adopted }
spec:
  cluster: { eks: company }
  cloud:
    provider: aws
    region: eu-central-1
    account: "111122223333"
    network:
      adopt:
        vpc: vpc-0123456789abcdef0
        cidr: 10.0.0.0/16
        privateSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
        databaseSubnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
        databaseCidrs: [10.0.64.0/20]
    eks: { adopt: { mode: managed, clusterSecurityGroup: sg-0123456789abcdef0 } }
    keys:
      adopt:
        public: arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000001
        internal: arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000002
        confidential: arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000003
        restricted: arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000004
    dns:
      adopt:
        zone: Z0123456789ABCDEFGHIJ
        certificate: arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000005
  state: { backend: "s3://company-state" }
  secretsProvider: awskms://alias/company
  namespace: "{service}-{environment}"
  domain: adopted.example.com
  registry: registry.example.com
  registries: ["registry.example.com/", "docker.io/library/"]
  images: { unreleased: allow }
  owner: { policy: optional }
  stateful: disposable
  resources:
    - { type: postgres, class: in-cluster, driver: postgres-cluster }
    - { type: postgres, driver: postgres-rds, params: { size: small } }
    - { type: secret, class: in-cluster, driver: secret-cluster }
    - { type: sqs, driver: sqs }
    - { type: route, driver: route }
    - { type: service, driver: service }
`;
const descriptor = (name: string): string => `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: ${name}
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/${name}:1.0
  uses:
    store: { type: postgres }
    jobs: { type: sqs }
    books: { type: postgres, class: in-cluster }
    stripe: { type: secret, class: in-cluster }
  resources: { cpu: 100m, memory: 128Mi }
`;

function adopted(env: Readonly<Record<string, string>>, ...names: string[]): TestRoot {
  const root = clone(env);
  roots.push(root);
  root.write("environments/adopted.yaml", ADOPTED);
  for (const name of names) root.write(`services/${name}/service.yaml`, descriptor(name));
  commit(root);
  return root;
}
const AT = ["--env", "adopted", "--rehearse"] as const;

describe.sequential("a change, before anything was rehearsed", () => {
  let root: TestRoot;
  beforeAll(() => {
    root = adopted(NOTHING, "cart", "till");
    root.write("services/cart/service.yaml", descriptor("cart").replace("128Mi", "256Mi"));
  });
  const EXACTLY = ["cart.adopted update kubernetes:apps/v1:Deployment cart-workload-deployment"];

  test("is shown against the last commit, and leaves no state", async () => {
    const preview = await root.json("preview", "--all", ...AT);
    expect({ problems: preview.problems, changes: changesOf(preview) }).toEqual({
      problems: [],
      changes: EXACTLY,
    });
    expect(preview.data?.["because"]).toContain(
      `compared with ${git(root, "rev-parse", "--short=7", "HEAD")}`,
    );
    const fields = stacksOf(preview)[0]!.changes.flatMap((change) => change.fields);
    expect(fields.map(({ path: at }) => at.split(".").slice(-2).join("."))).toEqual([
      "limits.memory",
      "requests.memory",
    ]);
    const kept = path.join(rehearsalRoot(root.folder, "adopted"), ".fairway");
    expect(filesIn(kept).filter((file) => /\/(stacks|world|work)\//.test(file))).toEqual([]);
  });

  test("is shown against a base, in the report of a pull request too", async () => {
    const base = git(root, "rev-parse", "HEAD");
    commit(root);
    const file = path.join(root.folder, "report.md");
    const preview = await root.json("preview", "--all", ...AT, "--base", base, "--markdown", file);
    expect({ exit: preview.exit, changes: changesOf(preview) }).toEqual({
      exit: 0,
      changes: EXACTLY,
    });
    expect(readFileSync(file, "utf8")).toMatch(
      /^## Fairway: .*\n\nrehearsed: nothing was contacted/,
    );
    rmSync(file);
    const clean = await root.json("preview", "--all", ...AT, "--base", "HEAD");
    expect(clean).toMatchObject({
      exit: 0,
      rehearsed: true,
      data: { stacks: [], rehearsed: true },
    });
  });
});

describe.sequential("a rehearsed update that is ended", () => {
  let root: TestRoot;
  let contacted = 0;
  const env: Record<string, string> = { ...NOTHING };
  const trap = createServer((socket) => {
    contacted++;
    socket.destroy();
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
    const { port } = trap.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    // Everything that would lead out leads to the trap, with credentials that would be used.
    Object.assign(env, {
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: PLANTED.secret,
      AWS_ENDPOINT_URL: address,
      HTTP_PROXY: address,
      HTTPS_PROXY: address,
      NO_PROXY: "127.0.0.1,localhost",
      FAIRWAY_KEY: PLANTED.key,
    });
    root = adopted(env, "cart");
    const kubeconfig = path.join(root.folder, ".fairway", "kubeconfig");
    env["KUBECONFIG"] = kubeconfig;
    mkdirSync(path.dirname(kubeconfig), { recursive: true });
    writeFileSync(
      kubeconfig,
      stringify({
        "current-context": "arn:aws:eks:eu-central-1:111122223333:cluster/company",
        clusters: [{ name: "trap", cluster: { server: address } }],
      }),
    );
  });
  afterAll(() => void trap.close());

  const own = (): string => path.join(rehearsalRoot(root.folder, "adopted"), ".fairway");
  /** Starts an update and calls back once the engine is in the middle of it. */
  const interrupted = async (
    end: (child: ReturnType<typeof spawn>, lease: LeaseRecord) => void,
  ): Promise<number | null> => {
    const bin = path.join(checkoutRoot(), "fairway.mjs");
    const runs = path.join(own(), "runs");
    const before = new Set(existsSync(runs) ? readdirSync(runs) : []);
    const child = spawn(
      process.execPath,
      [bin, "up", "--all", ...AT, "--quiet", "--root", root.folder],
      { env: { ...process.env, CI: "true", ...env }, stdio: "ignore" },
    );
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const leaseFile = path.join(own(), "leases", "cart.adopted.json");
    const events = (): string =>
      (existsSync(runs) ? readdirSync(runs) : [])
        .filter((name) => !before.has(name))
        .map((name) => path.join(runs, name, "cart.adopted.update.jsonl"))
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, "utf8"))
        .join("");
    while (!events().includes("resOutputsEvent") && child.exitCode === null) await sleep(5);
    end(child, JSON.parse(readFileSync(leaseFile, "utf8")) as LeaseRecord);
    return ended;
  };
  const endsClean = async (): Promise<void> => {
    const up = await root.json("up", "--all", ...AT);
    expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
    const preview = await root.json("preview", "--all", ...AT);
    expect({ exit: preview.exit, changes: changesOf(preview) }).toEqual({ exit: 0, changes: [] });
    const world = JSON.parse(
      readFileSync(path.join(own(), "world", "cart.adopted.json"), "utf8"),
    ) as {
      things: Record<string, { urn: string }>;
    };
    const urns = Object.values(world.things).map(({ urn }) => urn);
    expect(new Set(urns).size).toBe(urns.length);
    const destroy = await root.json("destroy", "--all", ...AT, "--yes");
    expect({ exit: destroy.exit, problems: destroy.problems }).toEqual({ exit: 0, problems: [] });
  };

  test("by Ctrl-C ends in order, and the next run ends clean", async () => {
    expect(await interrupted((child) => child.kill("SIGINT"))).toBe(130);
    await endsClean();
  });

  test("by SIGKILL of all its processes is repaired by the next run", async () => {
    const code = await interrupted((child, lease) => {
      for (const { pid } of lease.processes.toReversed())
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It had ended.
        }
      child.kill("SIGKILL");
    });
    expect(code).toBe(null);
    await endsClean();
  });

  test("contacted nothing, and wrote down nothing of what was there to be used", () => {
    expect(contacted).toBe(0);
    const files = filesIn(own());
    expect(files.some((file) => file.includes("/state/"))).toBe(true);
    for (const file of files) {
      const text = readFileSync(file, "latin1");
      expect(text.includes(PLANTED.key) || text.includes(PLANTED.secret)).toBe(false);
    }
  });
});
