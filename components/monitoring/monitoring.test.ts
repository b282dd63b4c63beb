import { describe, expect, it } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";

describe("example monitoring", () => {
  it("registers what it registered before", async () => {
    expect(
      await recordProgram("example.local", () => import("./examples/monitoring.ts")),
    ).toMatchSnapshot();
  });
});
