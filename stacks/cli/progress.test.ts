import { expect, test } from "vitest";
import { progressOn } from "./progress.ts";

/** Progress on a screen of its own, with a clock that is moved by hand. */
function screen(terminal: boolean, columns = 40) {
  let written = "";
  let now = 0;
  let tick: (() => void) | undefined;
  const progress = progressOn({
    write: (text) => (written += text),
    terminal,
    color: false,
    columns: () => columns,
    now: () => now,
    tick: (draw) => {
      tick = draw;
      return () => (tick = undefined);
    },
  });
  return {
    progress,
    pass(milliseconds: number) {
      now += milliseconds;
      tick?.();
    },
    ticks: () => tick !== undefined,
    written: () => written,
    /** What a terminal shows after all that was written. */
    shown: () => shownBy(written),
  };
}

/** The lines of a terminal that knows the two codes that progress uses: erase this line, one line up. */
function shownBy(written: string): string[] {
  const lines = [""];
  let at = 0;
  // eslint-disable-next-line no-control-regex -- the codes are what is read
  for (const part of written.split(/(\r\u001b\[2K|\u001b\[1A\u001b\[2K|\n)/)) {
    if (part === "\n") lines[++at] ??= "";
    else if (part === "\r\u001b[2K") lines[at] = "";
    else if (part === "\u001b[1A\u001b[2K") lines[--at] = "";
    else lines[at] += part;
  }
  return lines.slice(0, at + 1);
}

test("each running step has a live line on a terminal, and a finished one stays", () => {
  const { progress, pass, shown, ticks } = screen(true);
  const web = progress.step("shop-web.local");
  const api = progress.step("shop-api.local");
  web.say("preview 3/9\nDeployment");
  pass(1_500);
  expect(shown()).toEqual(["… shop-web.local 1.5 s · preview 3/9 D…", "… shop-api.local 1.5 s"]);
  web.end("succeeded");
  pass(500);
  expect(shown()).toEqual(["✓ shop-web.local: succeeded (1.5 s)", "… shop-api.local 2.0 s"]);
  api.end("failed", true);
  expect(shown()).toEqual([
    "✓ shop-web.local: succeeded (1.5 s)",
    "✗ shop-api.local: failed (2.0 s)",
    "",
  ]);
  expect(ticks()).toBe(false);
});

test("a cleared screen keeps only what is finished", () => {
  const { progress, shown, ticks } = screen(true);
  progress.step("one").end();
  progress.step("two");
  progress.step("three");
  progress.clear();
  expect(shown()).toEqual(["✓ one (0 ms)", ""]);
  expect(ticks()).toBe(false);
});

test("without a terminal there is one plain line a finished step, and text of others cannot write codes", () => {
  const { progress, written } = screen(false);
  const step = progress.step("engine");
  step.say("half way");
  step.end("3.255\u001b[31m.0");
  step.end("again");
  progress.step("never ends");
  progress.clear();
  expect(written()).toBe("✓ engine: 3.255.0 (0 ms)\n");
});
