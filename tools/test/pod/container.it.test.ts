import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../setup/checkout.ts";
import type { Running } from "./container.ts";
import { type Proof, prove } from "./proof.ts";

let proof: Proof;
let running: Running;
beforeAll(async () => {
  proof = await prove("redis-cluster", "redis");
  await proof.drive();
  running = await proof.start();
});
afterAll(() => proof?.close());

const out = async (script: string): Promise<string> =>
  (await running.exec(["sh", "-c", script])).stdout.trim();

test("a proof's server is the pod's user without any right", async () => {
  expect(await out("id -u; id -g")).toBe("999\n999");
  expect(await out("grep -E 'CapEff|NoNewPrivs' /proc/1/status")).toBe(
    "CapEff:\t0000000000000000\nNoNewPrivs:\t1",
  );
  // Nothing of another user can be read: neither this machine's secrets nor the volume's own folder.
  expect(await out("ls /etc/shadow /root 2>&1 | grep -c 'cannot access'")).toBe("2");
});

test("a proof's server writes to the pod's volumes and nowhere else", async () => {
  const writable =
    "for p in / /usr /etc /etc/fairway /run /run/fairway /var /opt /tmp /data /dev/shm";
  expect(await out(`${writable}; do [ -w $p ] && touch $p/x 2>/dev/null && echo $p; done`)).toBe(
    "/tmp\n/data\n/dev/shm",
  );
});

test("a proof's server sees this machine's programs and nothing else of it", async () => {
  expect(existsSync(checkoutRoot())).toBe(true);
  expect(await out(`ls ${checkoutRoot()} /home 2>/dev/null; ls /old`)).toBe("");
  expect(await out("hostname; cat /proc/1/comm")).toBe("store-0\nredis-server");
  expect(await out("ls /proc | grep -c '^[0-9]'")).toMatch(/^[2-6]$/);
});

test("a proof's network is the pod's own", async () => {
  expect(await out("cat /proc/net/dev | tail -n +3 | cut -d: -f1")).toBe("lo");
});

test("a proof's server can be taken away at any moment, also while it ends", async () => {
  // A signal that came between its process' last look and its end threw about every third time.
  for (let round = 0; round < 12; round++) {
    const kills: Promise<void>[] = [];
    for (const ended = settled(running.ended); !ended(); await new Promise(setImmediate))
      for (let each = 0; each < 50; each++) kills.push(running.kill());
    const outcomes = await Promise.allSettled(kills);
    expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
    running = await proof.start();
  }
});

/** Tells whether a promise has ended. */
function settled(promise: Promise<unknown>): () => boolean {
  let is = false;
  void promise.then(() => (is = true));
  return () => is;
}
