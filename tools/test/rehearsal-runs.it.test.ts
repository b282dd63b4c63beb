import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { LeaseRecord } from "../../stacks/state/lease.ts";
import { rehearsalRoot, scenarioFile, worldFolder } from "../../stacks/state/rehearsal.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { changesOf, clone, commit, filesIn, git, NOTHING, stacksOf } from "./rehearsed.ts";
import type { TestRoot } from "./root.ts";

/** Planted where credentials would be: none of it may be written down. */
const PLANTED = { key: "5ec7e75ec7e7".padEnd(64, "a"), secret: "planted/Secret+Access/Key" };

const roots: TestRoot[] = [];
afterAll(() => roots.forEach((root) => root.remove()));

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
    // The middle lasts until it is ended.
    const scenario = scenarioFile(worldFolder(rehearsalRoot(root.folder, "adopted")));
    const disturbances = [{ play: "slow", type: "aws:rds/*", milliseconds: 10_000 }];
    mkdirSync(path.dirname(scenario), { recursive: true });
    writeFileSync(scenario, JSON.stringify({ disturbances }));
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
    return ended.finally(() => rmSync(scenario));
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
