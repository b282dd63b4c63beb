import { cut, duration, plain, style } from "../report/style.ts";
import type { Progress, Step } from "./command.ts";

/** Where progress goes: standard error. */
export interface ProgressSink {
  write(text: string): void;
  readonly terminal: boolean;
  readonly color: boolean;
  columns(): number;
  /** Milliseconds. */
  now(): number;
  /** Calls back from time to time until the function returned is called. */
  tick(draw: () => void): () => void;
}

/** No progress at all: `--quiet`, `--json` without a terminal. */
export const SILENT: Progress = {
  step: () => ({ say: () => {}, end: () => {} }),
  clear: () => {},
};

interface Running {
  readonly name: string;
  readonly began: number;
  saying: string;
}

/** Live lines at most: a terminal that scrolls cannot take them back. */
const LINES = 8;

/** Named steps with elapsed time. On a terminal each running step has a live line; elsewhere one line a finished step. */
export function progressOn(sink: ProgressSink): Progress {
  const s = style(sink.color);
  const running = new Set<Running>();
  let drawn = 0;
  let stop: (() => void) | undefined;
  const erasure = (): string => {
    const text = drawn === 0 ? "" : `\r\u001b[2K${"\u001b[1A\u001b[2K".repeat(drawn - 1)}`;
    drawn = 0;
    return text;
  };
  const live = (): string => {
    if (!sink.terminal) return "";
    const lines = [...running].slice(0, LINES).map(({ name, began, saying }) => {
      const line = `… ${name} ${duration(sink.now() - began)}${saying === "" ? "" : ` · ${saying}`}`;
      return s.dim(cut(line, sink.columns() - 1));
    });
    drawn = lines.length;
    return lines.join("\n");
  };
  const draw = (finished = ""): void => {
    const text = erasure() + finished + live();
    if (text !== "") sink.write(text);
  };
  const rest = (): void => {
    stop?.();
    stop = undefined;
  };
  return {
    clear() {
      rest();
      const text = erasure();
      if (text !== "") sink.write(text);
    },
    step(name): Step {
      const step: Running = { name, began: sink.now(), saying: "" };
      running.add(step);
      if (sink.terminal) stop ??= sink.tick(() => draw());
      draw();
      return {
        say(text) {
          step.saying = plain(text).replaceAll(/\s*\n\s*/g, " ");
          draw();
        },
        end(result, failed = false) {
          if (!running.delete(step)) return;
          if (running.size === 0) rest();
          const mark = failed ? s.red("✗") : s.green("✓");
          const told = result ? `: ${plain(result)}` : "";
          draw(`${mark} ${name}${told} ${s.dim(`(${duration(sink.now() - step.began)})`)}\n`);
        },
      };
    },
  };
}
