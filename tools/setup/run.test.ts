import { expect, it } from "vitest";
import { run } from "./run.ts";

const LINES = 3_000;
const print = (keep?: number) =>
  run(process.execPath, ["-e", `for (let n = 1; n <= ${LINES}; n++) console.log(n)`], {
    ...(keep !== undefined && { keep }),
  });

it("keeps the last lines of what a command prints, or as many as are wanted", async () => {
  const some = (await print()).stdout.split("\n");
  expect([some.length, some.at(-1)]).toEqual([2_000, String(LINES)]);
  const all = (await print(Infinity)).stdout.split("\n");
  expect([all.length, all[0], all.at(-1)]).toEqual([LINES, "1", String(LINES)]);
});
