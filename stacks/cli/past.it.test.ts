import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRoot, testRoot } from "../../tools/test/root.ts";

let root: TestRoot;
beforeAll(() => {
  root = testRoot({ environment: { stateful: "protect" } });
});
afterAll(() => root.remove());

/** Writes the service's descriptor. */
const describeService = (name: string, past = "", folder = "orders"): void =>
  root.write(
    `services/${folder}/service.yaml`,
    `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: ${name}
${past}spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/orders:1.0
  uses:
    database: { type: postgres }
`,
  );
const STATE = ".fairway/rehearsal/local/.fairway/state/.pulumi/stacks/fairway/orders.local.json";
const fairway = (...args: string[]) => root.fairway(...args, "--env", "local", "--rehearse");

test("a rename without a word is told and deletes nothing; what was retired is refused", async () => {
  describeService("orders");
  const built = await fairway("up", "orders");
  expect({ code: built.code, why: built.code === 0 ? "" : built.stdout + built.stderr }).toEqual({
    code: 0,
    why: "",
  });
  const state = root.read(STATE);

  describeService("purchases");
  const told = await fairway("preview", "purchases");
  expect(told.code).toBe(0);
  expect(told.stdout + told.stderr).toMatch(
    /services\/orders\/service\.yaml:4:\d+: .*FW4024: purchases is not deployed in local, and orders\.local, which no descriptor asks for, has the same resources: database\n +fix: if it was renamed, write `was: \[orders\]` under metadata/,
  );
  expect(root.read(STATE)).toBe(state);

  // With the word it is what it was.
  describeService("purchases", "  was: [orders]\n");
  const meant = await fairway("preview", "purchases");
  expect(meant.code).toBe(0);
  expect(meant.stdout + meant.stderr).not.toContain("FW4024");
  expect(meant.stdout).not.toMatch(/^\s*[-+]+ .*(StatefulSet|PersistentVolumeClaim)/m);

  // Without it another one is made, and the old one stays.
  describeService("purchases");
  expect((await fairway("up", "purchases")).code).toBe(0);
  expect(root.read(STATE)).toBe(state);

  const retired = await fairway("retire", "orders", "--yes");
  expect({ code: retired.code, why: retired.code === 0 ? "" : retired.stderr }).toEqual({
    code: 0,
    why: "",
  });
  describeService("orders");
  for (const command of ["preview", "up"]) {
    const refused = await fairway(command, "orders");
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/FW4022: orders\.local was retired on \d{4}-\d\d-\d\d/);
  }
});

test("what two stacks are called is destroyed and retired by the full name of one, and a pattern retires nothing", async () => {
  describeService("till", "", "till");
  expect((await fairway("up", "till")).code).toBe(0);
  describeService("desk", "", "till");
  expect((await fairway("up", "desk")).code).toBe(0);
  // The past comes late: what holds the data is desk today, and so is what has no descriptor any more.
  describeService("desk", "  was: [till]\n", "till");
  const stacks = async () =>
    (await root.json("status", "desk", "--env", "local", "--rehearse")).data?.["stacks"];
  const both = [
    { stack: "till.local", state: "changed" },
    { stack: "desk.local", state: "orphan" },
  ];
  expect(await stacks()).toMatchObject(both);
  for (const [command, operand] of [
    ["destroy", "desk"],
    ["retire", "desk"],
    ["retire", "d*"],
  ] as const) {
    const refused = await fairway(command, operand, "--yes");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/FW7020.*: desk\.local, till\.local/);
  }
  expect(await stacks()).toMatchObject(both);

  const retired = await fairway("retire", "desk.local", "--yes");
  expect({ code: retired.code, why: retired.code === 0 ? "" : retired.stderr }).toEqual({
    code: 0,
    why: "",
  });
  expect(await stacks()).toMatchObject([both[0], { stack: "desk.local", state: "retired" }]);
  const forgotten = await fairway("retire", "desk.local", "--forget", "--yes");
  expect(forgotten.stdout).toContain("desk.local: may begin anew");
  expect(await stacks()).toMatchObject([both[0]]);
});
