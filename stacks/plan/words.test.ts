import { expect, test } from "vitest";
import { wordsOf } from "./words.ts";

test("values read as words, not as data", () => {
  const probe = { initialDelay: 0, timeout: 1, failureThreshold: 3, period: 10 };
  const get = { path: "/health", port: 3000, scheme: "HTTP", headers: [] };
  expect(
    [
      "text with\n  space",
      5,
      true,
      [],
      ["a", "b"],
      { cpu: "1", memory: "1Gi" },
      { requests: { cpu: "1" }, limits: { cpu: "2", memory: "1Gi" } },
      { $template: ["http://", { ref: "api", output: "host", secret: false }, ":80"] },
      { action: { httpGet: get }, ...probe },
      { action: { httpGet: { ...get, scheme: "HTTPS", host: "h" } }, ...probe },
      { action: { tcpSocket: { port: 5432 } }, ...probe },
      { action: { exec: ["pg_isready", "-q"] }, ...probe },
    ].map((value) => wordsOf(value)),
  ).toEqual(
    [
      "text with space",
      "5",
      "true",
      "none",
      "a, b",
      "cpu=1 memory=1Gi",
      "requests(cpu=1) limits(cpu=2 memory=1Gi)",
      "http://${api.host}:80",
      "GET /health :3000 every 10 s",
      "GET /health https h:3000 every 10 s",
      "connect to :5432 every 10 s",
      "pg_isready -q every 10 s",
    ].map((text) => ({ text })),
  );
});

test("a record that no line holds has a line a member, and no line is endless", () => {
  const url = `postgres://${"x".repeat(200)}`;
  expect(wordsOf({ DATABASE_HOST: "database.user-service.svc", DATABASE_URL: url })).toEqual({
    text: "",
    lines: ["DATABASE_HOST=database.user-service.svc", `DATABASE_URL=${url.slice(0, 86)}…`],
  });
});
