import { describe, expect, it } from "vitest";
import { cleanRoots, environmentFile, makeRoot, said } from "./root.fixture.ts";
import { loadWorkspace } from "./workspace.ts";

cleanRoots();

const request = (name: string, was?: string, uses = ""): string =>
  `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: ${name}${was === undefined ? "" : `\n  was: [${was}]`}
spec:
  type: worker
  image: registry.test/app:1
${uses}`;

const score = (was: string): string => `apiVersion: score.dev/v1b1
metadata:
  name: basket
  annotations: { fairway.dev/was: "${was}" }
containers:
  main: { image: registry.test/app:1 }
`;

/** Problems of services, by folder. */
async function problemsOf(services: Readonly<Record<string, string>>): Promise<string[]> {
  const files = Object.entries(services).map(([file, text]) => [`services/${file}`, text]);
  const root = makeRoot({
    "environments/local.yaml": environmentFile("local"),
    ...(Object.fromEntries(files) as Record<string, string>),
  });
  return said((await loadWorkspace(root)).problems);
}

describe("services that claim one past", () => {
  it.each([
    ["a new one with the old name", request("cart"), request("basket", "cart"), "cart"],
    ["two with one former name", request("a1", "cart"), request("b1", "cart"), "cart"],
    ["one that was both", request("a1", "cart"), request("b1", "shop, cart"), "cart"],
  ])("are refused: %s", async (_, one, other, past) => {
    const found = await problemsOf({ "a/service.yaml": one, "b/service.yaml": other });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      new RegExp(
        `^FW4023 b/service\\.yaml:\\d+:\\d+ \\S+ and \\S+ would both be what was called ${past} \\[let one of them keep its past`,
      ),
    );
  });

  it("are told so in a Score document too", async () => {
    expect(
      await problemsOf({ "a/service.yaml": request("cart"), "b/score.yaml": score("cart") }),
    ).toEqual([
      expect.stringMatching(
        /^FW4023 b\/score\.yaml:4:\d+ basket and cart would both be what was called cart/,
      ),
    ]);
  });

  it("may change their names among themselves: each keeps what it began as", async () => {
    expect(
      await problemsOf({
        "a/service.yaml": request("cart", "basket"),
        "b/service.yaml": request("basket", "cart"),
      }),
    ).toEqual([]);
  });
});

describe("services that claim a past of the platform's", () => {
  const reserved = (name: string): string =>
    `the name ${name} is reserved: not allowed are platform, cloud, iam, constructor and shared-* [no service was called that: take it out]`;

  it.each(["platform", "cloud", "shared-x"])("are refused: %s", async (name) => {
    expect(await problemsOf({ "a/service.yaml": request("cart", `basket, ${name}`) })).toEqual([
      `FW1204 a/service.yaml:5:17 ${reserved(name)}`,
    ]);
  });

  it("are told so in a Score document too", async () => {
    expect(await problemsOf({ "a/score.yaml": score("cart, platform") })).toEqual([
      `FW1204 a/score.yaml:4:18 ${reserved("platform")}`,
    ]);
  });
});

describe("resources that claim one past", () => {
  const uses = (...lines: string[]): string =>
    request("cart", undefined, `  uses:\n${lines.map((line) => `    ${line}\n`).join("")}`);

  it("are refused at the line that claims it", async () => {
    expect(
      await problemsOf({
        "a/service.yaml": uses(
          "store: { type: environment }",
          "kept: { type: environment, was: [store] }",
        ),
      }),
    ).toEqual([
      expect.stringMatching(
        /^FW4023 a\/service\.yaml:10:\d+ kept and store would both be what was called store/,
      ),
    ]);
  });

  it("have none where they have an id", async () => {
    expect(
      await problemsOf({
        "a/service.yaml": uses("kept: { type: environment, id: common, was: [store] }"),
      }),
    ).toEqual([
      expect.stringMatching(
        /^FW4023 a\/service\.yaml:9:\d+ kept has an id, and what is shared is known by its type, class and id \[take was out\]/,
      ),
    ]);
  });
});
