import { expect, test } from "vitest";
import { cancelling } from "./cancel.ts";

test("the first press ends in order, the second breaks off, the third leaves", () => {
  const told: string[] = [];
  let left = 0;
  const cancel = cancelling(
    (text) => told.push(text),
    () => left++,
  );
  const state = () => [cancel.signal.aborted, cancel.terminate.aborted, told.length, left];
  expect(state()).toEqual([false, false, 0, 0]);
  cancel.press();
  expect(state()).toEqual([true, false, 1, 0]);
  cancel.press();
  expect(state()).toEqual([true, true, 2, 0]);
  cancel.press();
  expect(state()).toEqual([true, true, 2, 1]);
});
