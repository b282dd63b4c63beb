import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engineEnvironment, hasPlugin } from "./surroundings.ts";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "fairway-home-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("the engine's environment", () => {
  const own = { backend: "file:///state", home: "/slot/home", passphrase: "key" };
  test("keeps credentials and leaves out what would make the engine do something else", () => {
    const env = engineEnvironment(
      {
        PATH: "/bin",
        AWS_PROFILE: "team",
        PULUMI_STACK: "other",
        PULUMI_ACCESS_TOKEN: "t",
        FAIRWAY_KEY: "k",
        GONE: undefined,
      },
      own,
    );
    expect(env).toMatchObject({
      PATH: "/bin",
      AWS_PROFILE: "team",
      PULUMI_BACKEND_URL: "file:///state",
      PULUMI_HOME: "/slot/home",
      PULUMI_CONFIG_PASSPHRASE: "key",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
    for (const name of ["PULUMI_STACK", "PULUMI_ACCESS_TOKEN", "FAIRWAY_KEY", "GONE", "KUBECONFIG"])
      expect(env).not.toHaveProperty(name);
  });
  test("hands the token of a Pulumi service to such a backend alone", () => {
    const surroundings = { PULUMI_ACCESS_TOKEN: "t", PULUMI_STACK: "other" };
    const env = engineEnvironment(surroundings, { ...own, backend: "https://api.example.com" });
    expect(env).toMatchObject({
      PULUMI_ACCESS_TOKEN: "t",
      PULUMI_BACKEND_URL: "https://api.example.com",
    });
    expect(env).not.toHaveProperty("PULUMI_STACK");
    expect(engineEnvironment(surroundings, { ...own, backend: "s3://state" })).not.toHaveProperty(
      "PULUMI_ACCESS_TOKEN",
    );
  });
  test("names the kubeconfig of the run over that of the surroundings", () => {
    expect(engineEnvironment({ KUBECONFIG: "/mine" }, own)["KUBECONFIG"]).toBe("/mine");
    expect(
      engineEnvironment({ KUBECONFIG: "/mine" }, { ...own, kubeconfig: "/run" })["KUBECONFIG"],
    ).toBe("/run");
  });
});

describe("the real plugin of a provider", () => {
  test("is found among the user's plugins in the version that the engine asks for, and on PATH in any", () => {
    const env = { HOME: home, PATH: join(home, "bin") };
    const install = (entry: string) =>
      mkdirSync(join(home, ".pulumi/plugins", entry), { recursive: true });
    expect(hasPlugin("kubernetes", "4.34.2", env)).toBe(false);
    mkdirSync(join(home, "bin"));
    for (const other of ["resource-kubernetes-cert-manager-v4.34.2", "resource-kubernetes-v4.20.0"])
      install(other);
    expect(hasPlugin("kubernetes", "4.34.2", env)).toBe(false);
    install("resource-kubernetes-v4.34.2");
    expect(hasPlugin("kubernetes", "4.34.2", env)).toBe(true);
    install("resource-kubernetes-v4.34.2.partial");
    expect(hasPlugin("kubernetes", "4.34.2", env)).toBe(false);
    writeFileSync(join(home, "bin/pulumi-resource-aws"), "");
    expect(hasPlugin("aws", "7.48.0", env)).toBe(true);
    expect(hasPlugin("aws", "7.48.0", { ...env, PULUMI_HOME: "/elsewhere", PATH: "" })).toBe(false);
  });
});
