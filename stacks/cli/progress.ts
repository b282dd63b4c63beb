import { duration, plain, style } from "../report/style.ts";
import type { Progress } from "./command.ts";

/** Where progress goes: standard error. */
export interface ProgressSink {
  write(text: string): void;
  readonly terminal: boolean;
  readonly color: boolean;
  columns(): number;
  now(): number;
}

/** No progress at all: `--quiet`, `--json` without a terminal. */
export const SILENT: Progress = { step: () => () => {}, say: () => {}, clear: () => {} };

interface Step {
  readonly name: string;
  readonly began: number;
}

/** Named steps with elapsed time. On a terminal the last line lives; elsewhere one line a finished step. */
export function progressOn(sink: ProgressSink): Progress {
  const s = style(sink.color);
  const running: Step[] = [];
  let drawn = false;
  let saying = "";
  const clear = (): void => {
    if (drawn) sink.write("\r\u001b[2K");
    drawn = false;
  };
  const draw = (): void => {
    const step = running.at(-1);
    if (!sink.terminal || !step) return;
    clear();
    const line = `… ${step.name} ${duration(sink.now() - step.began)}${saying === "" ? "" : ` · ${saying}`}`;
    sink.write(s.dim(line.slice(0, sink.columns() - 1)));
    drawn = true;
  };
  return {
    clear,
    say(text) {
      saying = plain(text).replaceAll("\n", " ");
      draw();
    },
    step(name) {
      const step: Step = { name, began: sink.now() };
      running.push(step);
      saying = "";
      draw();
      return (result) => {
        const index = running.indexOf(step);
        if (index < 0) return;
        running.splice(index, 1);
        saying = "";
        clear();
        sink.write(
          `${s.green("✓")} ${name}${result ? `: ${plain(result)}` : ""} ${s.dim(`(${duration(sink.now() - step.began)})`)}\n`,
        );
        draw();
      };
    },
  };
}
