import { isSecret, output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { buildContext } from "./context.ts";
import { derivePassword } from "./password.ts";

const key = new Uint8Array(32).fill(7);
const context = buildContext({
  namespace: "shop",
  labels: {},
  key,
  lookup: ({ ref, output: name }) => `<${ref}.${name}>`,
});
const port = { ref: "database", output: "port", secret: false };
const password = { ref: "database", output: "password", secret: true };

const valueOf = <T>(value: T): Promise<unknown> =>
  new Promise((resolve) => output(value as unknown as Promise<object>).apply(resolve));

describe("build context", () => {
  it("leaves literals alone", () => {
    expect(context.resolve("postgres://")).toBe("postgres://");
  });

  it("fills references in", async () => {
    const text = context.resolve({ $template: ["host:", port, "/x"] });
    expect(await valueOf(text)).toBe("host:<database.port>/x");
    expect(await isSecret(output(text))).toBe(false);
  });

  it("makes text with a secret in it secret", async () => {
    const text = context.resolve({ $template: ["a", port, password] });
    expect(await isSecret(output(text))).toBe(true);
  });

  it("resolves texts at every depth and keeps everything else", async () => {
    const args = { replicas: 2, env: [{ name: "P", value: { $template: [port] } }], none: null };
    expect(await valueOf(context.fromPlan<object>(args))).toEqual({
      replicas: 2,
      env: [{ name: "P", value: "<database.port>" }],
      none: null,
    });
  });

  it("derives passwords that are secret from birth", async () => {
    const given = context.password("redis.default#x", 3, 32);
    expect(await isSecret(given)).toBe(true);
    expect(await valueOf(given)).toBe(derivePassword(key, "redis.default#x", 3, 32));
  });
});
