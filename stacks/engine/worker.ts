import { program } from "../program/program.ts";
import { serveWorker } from "./serve-worker.ts";

// The process that `prewarm` forks.
serveWorker(program);
