import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { obtainServer, type ServerName } from "./server.ts";

const NAMES: ServerName[] = [
  "postgres",
  "mariadb",
  "redis",
  "rabbitmq",
  "kafka",
  "minio",
  "promtool",
];
const ANSWERS: Record<string, string[]> = {
  postgres: ["postgres", "--version"],
  mariadb: ["mariadbd", "--version"],
  redis: ["redis-server", "--version"],
  rabbitmq: ["erl", "-noshell", "-eval", "io:format(erlang:system_info(otp_release)), halt()."],
  kafka: ["kafka-topics.sh", "--version"],
  minio: ["minio", "--version"],
  promtool: ["promtool", "--version"],
};

describe("the real servers", () => {
  test.each(NAMES)("%s is there and runs", async (name) => {
    const server = await obtainServer(name);
    expect(server.version).toMatch(/^\d+/);
    const [program, ...args] = ANSWERS[name]!;
    const output = execFileSync(server.bin[program!]!, args, {
      env: { ...process.env, ...server.env },
      encoding: "utf8",
    });
    expect(output).toMatch(/\d/);
  });

  test.runIf(process.getuid?.() === 0).each(NAMES)(
    "%s stands where a user without rights can run it",
    async (name) => {
      const { bin } = await obtainServer(name);
      const closed = Object.values(bin)
        .flatMap(parents)
        .filter((folder) => (statSync(folder).mode & 0o001) === 0);
      expect(closed).toEqual([]);
    },
  );
});

function parents(path: string): string[] {
  return dirname(path) === path ? [] : [dirname(path), ...parents(dirname(path))];
}
