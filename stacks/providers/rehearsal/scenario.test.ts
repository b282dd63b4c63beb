import { describe, expect, test } from "vitest";
import { openDirector, readScenario, type Scenario } from "./scenario.ts";

const queue = { type: "aws:sqs/queue:Queue", name: "q", urn: "urn:q" };

function direct(...scenario: Scenario) {
  const pauses: number[] = [];
  const director = openDirector(scenario, async (milliseconds) => void pauses.push(milliseconds));
  return { ...director, pauses };
}

describe("a scenario", () => {
  test("slows what it names, and nothing else", async () => {
    const { before, pauses } = direct({ play: "slow", type: "aws:sqs/*", milliseconds: 70 });
    await before("create", queue);
    await before("update", queue);
    await before("create", { ...queue, type: "aws:sns/topic:Topic" });
    expect(pauses).toEqual([70]);
  });

  test("throttles, and the provider tries again with growing pauses", async () => {
    const { before, pauses } = direct({ play: "throttle", times: 3 });
    await before("create", queue);
    expect(pauses).toEqual([20, 40, 80]);
    await before("create", queue);
    expect(pauses).toHaveLength(3);
  });

  test("throttles until the provider gives up", async () => {
    const { before } = direct({ play: "throttle", times: 99 });
    await expect(before("create", queue)).rejects.toThrow("ThrottlingException: Rate exceeded");
  });

  test("fails as often as it says, for each resource", async () => {
    const { before } = direct({ play: "fail", operation: "delete", times: 1, message: "no" });
    await expect(before("delete", queue)).rejects.toThrow("no");
    await before("delete", queue);
    await expect(before("delete", { ...queue, urn: "urn:other" })).rejects.toThrow("no");
  });

  test("fails after creation, and hides what was created", () => {
    const { afterCreate, hidden } = direct(
      { play: "fail-after-create", name: "q", message: "half" },
      { play: "eventual", milliseconds: 300 },
    );
    expect(afterCreate(queue)).toBe("half");
    expect(afterCreate({ ...queue, name: "other" })).toBeUndefined();
    expect(hidden(queue)).toBe(300);
  });
});

describe("the file of a scenario", () => {
  test("is read", () => {
    const text = '{"disturbances":[{"play":"slow","type":"aws:rds/*","milliseconds":5,"times":1}]}';
    expect(readScenario(text)).toEqual([
      { play: "slow", operation: "create", type: "aws:rds/*", milliseconds: 5, times: 1 },
    ]);
  });

  test.each([
    ['{"disturbances":[1]}', "must be an object"],
    ['{"disturbances":[{"play":"dance"}]}', "play must be one of"],
    ['{"disturbances":[{"play":"slow","operation":"sing"}]}', "operation must be one of"],
  ])("is refused: %s", (text, words) => {
    expect(() => readScenario(text)).toThrow(words);
  });
});
