import { afterAll, beforeAll, expect, test } from "vitest";
import { objectOf, podOf } from "../../tools/test/pod/kubernetes.ts";
import { type Proof, prove } from "../../tools/test/pod/proof.ts";

let proof: Proof;
beforeAll(async () => {
  proof = await prove("redis-cluster", "redis");
});
afterAll(() => proof?.close());

type Outputs = Readonly<Record<string, string>>;

/** Connects with exactly the outputs. */
const redis = ({ host, port, username, password }: Outputs, ...command: string[]) =>
  proof.client(
    ["redis-cli", "-e", "-h", host ?? "", "-p", port ?? "", "--user", username ?? "", ...command],
    { env: { REDISCLI_AUTH: password ?? "" } },
  );

test("the server answers exactly the outputs, keeps data, and has another password after a restart with a raised rotation", async () => {
  const first = await proof.drive();
  const running = await proof.start();
  expect((await redis(first.outputs, "set", "cart", "42")).stdout).toBe("OK\n");
  expect((await redis({ ...first.outputs, password: "wrong" }, "get", "cart")).stderr).toContain(
    "WRONGPASS",
  );
  const nobody = await proof.client([
    "redis-cli",
    "-h",
    first.outputs["host"] ?? "",
    "get",
    "cart",
  ]);
  expect(nobody.stdout + nobody.stderr).toContain("NOAUTH");
  // Whoever writes more than fits is told, and what was written stays.
  const fill = `for i=1,50 do redis.call('set', 'k'..i, string.rep('x', 4*1024*1024)) end`;
  expect(await redis(first.outputs, "eval", fill, "0")).toMatchObject({ code: 0 });
  const refused = await redis(first.outputs, "set", "more", "1");
  expect(refused.stdout + refused.stderr).toContain("OOM");
  const empty = `for i=1,50 do redis.call('del', 'k'..i) end`;
  expect(await redis(first.outputs, "eval", empty, "0")).toMatchObject({ code: 0 });
  expect((await redis(first.outputs, "get", "cart")).stdout).toBe("42\n");

  const revision = () => podOf(objectOf(second.objects, "StatefulSet")).revision;
  const before = podOf(objectOf(first.objects, "StatefulSet")).revision;
  const second = await proof.drive({ rotation: 2 });
  expect(revision()).not.toBe(before);
  expect(await running.stop()).toBe(true);
  expect(running.log()).not.toContain(first.outputs["password"]);
  await proof.start();
  expect((await redis(second.outputs, "get", "cart")).stdout).toBe("42\n");
  expect((await redis(first.outputs, "get", "cart")).stderr).toContain("WRONGPASS");
});

test("what was written outlives a killed server", async () => {
  const lost = await prove("redis-cluster", "redis");
  try {
    const { outputs } = await lost.drive();
    const running = await lost.start();
    const ask = (...command: string[]) =>
      lost.client(["redis-cli", "-h", outputs["host"] ?? "", ...command], {
        env: { REDISCLI_AUTH: outputs["password"] ?? "" },
      });
    await ask("set", "cart", "42");
    await running.kill();
    await lost.start();
    expect((await ask("get", "cart")).stdout).toBe("42\n");
  } finally {
    await lost.close();
  }
});
