import { fork } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { entry } from "../../tools/setup/build.mjs";

test("a worker whose parent lets go before it is loaded ends by itself", async () => {
  const child = fork(entry("worker"), [], { stdio: "ignore" });
  try {
    child.disconnect();
    const [code] = (await once(child, "exit", { signal: AbortSignal.timeout(60_000) })) as [number];
    expect(code).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
