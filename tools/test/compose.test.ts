import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { WorkloadSpec } from "../../components/workload/workload.plan.ts";
import { run as compose } from "../../stacks/cli/commands/compose.ts";
import { contextOf, input, problemsOf } from "../../stacks/cli/testing.ts";
import type { ComposeDocument, ComposeService } from "../../stacks/compose/document.ts";
import { readEnvFile } from "../../stacks/compose/env-file.ts";
import { programText } from "../../stacks/contract/kubelet.ts";
import type { Plan } from "../../stacks/contract/plan.ts";
import { loadWorkspace } from "../../stacks/load/workspace.ts";
import { planWorkspace } from "../../stacks/plan/workspace.ts";
import { checkoutRoot } from "../setup/checkout.ts";

const root = mkdtempSync(path.join(tmpdir(), "fairway-compose-"));
const out = path.join(root, "compose.yaml");
const envFile = path.join(root, ".fairway", "compose.env");
let document: ComposeDocument;
let plans: readonly Plan[];

beforeAll(async () => {
  for (const folder of ["services", "environments", ".github"])
    cpSync(path.join(checkoutRoot(), folder), path.join(root, folder), { recursive: true });
  await compose(contextOf(root), input([], { out }));
  document = parse(readFileSync(out, "utf8"), { version: "1.1" }) as ComposeDocument;
  const workspace = await loadWorkspace(root);
  plans = planWorkspace(workspace, { environments: ["local", "dev", "prod"] }).plans;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What a program sees of its surroundings, names only. */
interface Surface {
  readonly variables: readonly string[];
  readonly ports: readonly string[];
  readonly mounts: readonly string[];
  readonly probes: readonly string[];
}

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

/** Of a pod in a plan. Variables that only carry secrets of the cloud to others are no part of it. */
function planned(plan: Plan): Surface {
  const { containers, initContainers } = plan.items.find(({ id }) => id === "workload")!
    .args as unknown as WorkloadSpec;
  const all = [...initContainers, ...containers].filter(({ name }) => name !== "fairway-render");
  return {
    variables: sorted(
      all
        .flatMap(({ env, secretEnv, cloudEnv = {} }) =>
          [env, secretEnv, cloudEnv].flatMap((record) => Object.keys(record)),
        )
        .filter((name) => !name.startsWith("FAIRWAY_")),
    ),
    ports: sorted(
      all.flatMap(({ ports }) =>
        ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol.toLowerCase()}`),
      ),
    ),
    mounts: sorted(all.flatMap(({ mounts }) => mounts.map((mount) => mount.path))),
    probes: sorted(
      all.flatMap(({ readinessProbe }) => {
        const action = readinessProbe?.action;
        if (action === undefined || "tcpSocket" in action) return [];
        return "exec" in action
          ? [action.exec.join(" ")]
          : [`:${action.httpGet.port}${action.httpGet.path}`];
      }),
    ),
  };
}

/** Of a service in the Compose file. */
function composed({
  environment = {},
  ports = [],
  configs = [],
  secrets = [],
  volumes = [],
  tmpfs = [],
  healthcheck,
}: ComposeService): Surface {
  const [how = "", ...test] = healthcheck?.test ?? [];
  const asked = /'http:\/\/127\.0\.0\.1([^']*)'/.exec(test.join(" "))?.[1];
  return {
    variables: sorted(Object.keys(environment)),
    ports: sorted(ports.map(({ target, protocol }) => `${target}/${protocol}`)),
    mounts: sorted([
      ...[...configs, ...secrets, ...volumes].map(({ target }) => target),
      ...tmpfs.filter((target) => target !== "/tmp"),
    ]),
    probes: how === "" ? [] : [how === "CMD" ? test.join(" ") : (asked ?? "")],
  };
}

describe("the Compose file of the example services", () => {
  test("is one, by the schema of the Compose specification", () => {
    // The schema is of draft 7 by an address that no validator knows.
    const { $schema: _, ...schema } = JSON.parse(
      readFileSync(path.join(import.meta.dirname, "specifications", "compose-spec.json"), "utf8"),
    ) as Record<string, unknown>;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { a: { imge: "x" } } })).toBe(false);
  });

  test("has the same variables, ports, mounts and probes as local, dev and prod", () => {
    const services = plans.filter(({ kind }) => kind === "service");
    expect(services).toHaveLength(15);
    const surfaces = services.map((plan) => [plan.stack, planned(plan)]);
    const expected = services.map(({ stack, name }) => [stack, composed(document.services[name]!)]);
    expect(surfaces).toEqual(expected);
    const api = composed(document.services["shop-api"]!);
    expect(api.variables).toContain("DATABASE_URL");
    expect(api).toMatchObject({
      ports: ["8080/tcp"],
      mounts: ["/etc/shop/api.yaml"],
      probes: [":8080/readyz"],
    });
  });

  test("runs the databases of the cluster, and the service waits for them", () => {
    const { depends_on, environment } = document.services["shop-api"]!;
    expect(depends_on).toMatchObject({
      "shop-api-orders": { condition: "service_healthy" },
      "shop-api-sessions": { condition: "service_healthy" },
    });
    expect(environment?.["CACHE_ADDR"]).toBe("sessions.shop-api.svc:6379");
    const { image, networks, volumes, secrets } = document.services["shop-api-orders"]!;
    expect(image).toBe("docker.io/library/postgres:15");
    expect(networks?.default.aliases).toContain("orders.shop-api.svc");
    expect(volumes).toEqual([{ type: "volume", source: "shop-api-orders", target: "/data" }]);
    expect(secrets?.map(({ target }) => target)).toEqual(["/run/fairway/password"]);
  });

  test("holds no password: each is in an env file that Git ignores and only its owner reads", () => {
    const values = readEnvFile(readFileSync(envFile, "utf8"));
    const passwords = Object.values(values).flatMap(
      (value) => value.match(/[A-Za-z0-9]{24}/g) ?? [],
    );
    expect(passwords.length).toBeGreaterThan(10);
    const text = readFileSync(out, "utf8");
    expect(passwords.filter((password) => text.includes(password))).toEqual([]);
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(root, ".fairway", ".gitignore"), "utf8")).toBe("*\n");
    const used = [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)\}/g)].map((match) => match[1]!);
    const named = Object.values(document.secrets ?? {}).map(({ environment }) => environment);
    expect(sorted([...used, ...named])).toEqual(sorted(Object.keys(values)));
    const database = values["SHOP_API_ORDERS_PASSWORD"]!;
    expect(values["SHOP_API_API_ENV_DATABASE_URL"]).toContain(`:${database}@orders.shop-api.svc`);
  });

  test("is the same again, with the same passwords", async () => {
    const before = [readFileSync(out, "utf8"), readFileSync(envFile, "utf8")];
    await compose(contextOf(root), input([], { out }));
    expect([readFileSync(out, "utf8"), readFileSync(envFile, "utf8")]).toEqual(before);
  });
});

test("one service comes with what it needs and nothing else", async () => {
  const { data } = await compose(contextOf(root), input(["shop-orders"]));
  const { services, file } = data as { services: string[]; file: null };
  expect(file).toBeNull();
  expect(services).toEqual([
    "shared-amqp-default-shop-orders-shop-orders",
    "shared-amqp-default-shop-orders-shop-orders-volumes",
    "shop-orders",
  ]);
  expect(existsSync(envFile)).toBe(true);
});

test("what a team brings is left to fill in, and what is filled in stays; other secrets are known", async () => {
  const brought = mkdtempSync(path.join(tmpdir(), "fairway-compose-"));
  const file = path.join(brought, ".fairway", "compose.env");
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(brought, name)), { recursive: true });
    writeFileSync(path.join(brought, name), text);
  };
  try {
    cpSync(
      path.join(root, "environments/local.yaml"),
      path.join(brought, "environments/local.yaml"),
    );
    write(
      "services/till/service.yaml",
      `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata: { name: till }
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/till:1.0
  visibility: public
  env: { BANK: "https://till:${"${resources.stripe.value}"}@bank.example.com" }
  uses: { store: { type: postgres }, stripe: { type: secret } }
`,
    );
    const first = (await compose(contextOf(brought), input(["till"]))).data as {
      missing: string[];
    };
    expect(first.missing).toEqual(["TILL_MAIN_ENV_BANK", "TILL_MAIN_ENV_STRIPE_VALUE"]);
    const values = readEnvFile(readFileSync(file, "utf8"));
    expect(values["TILL_MAIN_ENV_STORE_PASSWORD"]).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(values["TILL_MAIN_ENV_STORE_PASSWORD"]).toBe(values["TILL_STORE_PASSWORD"]);
    const filled = readFileSync(file, "utf8").replace("VALUE=''", "VALUE='sk_1'");
    writeFileSync(file, filled);
    await compose(contextOf(brought), input(["till"]));
    expect(readFileSync(file, "utf8")).toBe(filled);
  } finally {
    rmSync(brought, { recursive: true, force: true });
  }
});

/** A folder with the local environment and descriptors: file → text. Gone when the act is over. */
async function within<T>(
  files: Readonly<Record<string, string>>,
  act: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "fairway-compose-"));
  try {
    const local = "environments/local.yaml";
    const all = { [local]: readFileSync(path.join(root, local), "utf8"), ...files };
    for (const [file, text] of Object.entries(all)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const score = (name: string, rest: string): string => `apiVersion: score.dev/v1b1
metadata: { name: ${name} }
${rest}`;

/** What Compose makes of a text: it has no variables here. */
const interpolated = (text: string): string => {
  expect(text).not.toMatch(/(?<!\$)(?:\$\$)*\$(?!\$)/);
  return text.replaceAll("$$", "$");
};

test("dollars arrive as they are written, here as in a cluster", async () => {
  const texts = ["$(A)", "x$$y", "$x", "${y}", "$$$(A)", "5 $€", "5$"];
  const quoted = (list: readonly string[]): string => JSON.stringify(list);
  const descriptor = score(
    "till",
    `containers:
  main:
    image: registry.example.com/till:1.0
    command: ${quoted(texts)}
    args: ${quoted(texts)}
    variables: ${JSON.stringify(Object.fromEntries(texts.map((text, index) => [`A${index}`, text.replaceAll("$", "$$$$")])))}
    readinessProbe: { exec: { command: ${quoted(texts)} } }
    files: { /etc/$x.conf: { content: "$x" } }
    volumes: { /data/$x: { source: data, path: $y } }
resources: { data: { type: volume } }
`,
  );
  await within({ "services/till/score.yaml": descriptor }, async (folder) => {
    const { data } = await compose(contextOf(folder), input(["till"]));
    const till = (data as { document: ComposeDocument }).document.services["till"]!;
    const { plans: planned } = planWorkspace(await loadWorkspace(folder), {
      environments: ["local"],
    });
    const item = planned.flatMap(({ items }) => items).find(({ id }) => id === "workload")!;
    const [main] = (item.args as unknown as WorkloadSpec).containers;
    const cluster = (list: readonly unknown[]): string[] =>
      list.map((text) => programText(text as string));
    const here = (list: readonly string[] = []): string[] => list.map(interpolated);
    expect(here(till.entrypoint)).toEqual(texts);
    expect(cluster(main!.command!)).toEqual(texts);
    expect(here(till.command)).toEqual(texts);
    expect(cluster(main!.args!)).toEqual(texts);
    expect(here(Object.values(till.environment!))).toEqual(texts);
    expect(cluster(Object.values(main!.env))).toEqual(texts);
    expect(here(till.healthcheck?.test)).toEqual(["CMD", ...texts]);
    expect(main!.readinessProbe!.action).toHaveProperty("exec");
    expect(here(till.configs!.map(({ target }) => target))).toEqual(["/etc/$x.conf"]);
    const [volume] = till.volumes!;
    expect(here([volume!.target, volume!.volume!.subpath])).toEqual(["/data/$x", "$y"]);
  });
});

test("what waits for a sidecar that holds the network waits until it is healthy", async () => {
  const descriptor = score(
    "side",
    `containers:
  main:
    image: registry.example.com/side:1.0
    before: { helper: { ready: healthy } }
  helper:
    image: registry.example.com/helper:1.0
    readinessProbe: { exec: { command: [/ready] } }
`,
  );
  await within({ "services/side/score.yaml": descriptor }, async (folder) => {
    const { data } = await compose(contextOf(folder), input(["side"]));
    const { services } = (data as { document: ComposeDocument }).document;
    expect(services["side-main"]).toMatchObject({
      network_mode: "service:side",
      depends_on: { side: { condition: "service_healthy" } },
    });
  });
});

test("what AWS runs is refused by name", async () => {
  const prod = parse(readFileSync(path.join(root, "environments/prod.yaml"), "utf8")) as {
    metadata: { name: string };
    spec: { resources: { type: string; driver: string }[] };
  };
  prod.metadata.name = "cloudy";
  prod.spec.resources = [
    { type: "postgres", driver: "postgres-rds" },
    ...prod.spec.resources.filter(({ type }) => type !== "postgres"),
  ];
  writeFileSync(path.join(root, "environments/cloudy.yaml"), stringify(prod));
  const said = await problemsOf(() =>
    compose(contextOf(root), input(["shop-api"], { env: "cloudy" })),
  );
  rmSync(path.join(root, "environments/cloudy.yaml"));
  expect(said).toContain(
    "FW7044 orders of shop-api.cloudy is a postgres-rds, which AWS runs in cloudy | compose an environment whose rules name drivers of the cluster, such as `--env local`",
  );
});
