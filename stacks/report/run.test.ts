import { expect, test } from "vitest";
import type { Verdict } from "../contract/finding.ts";
import type { RunResult, StackResult } from "../contract/result.ts";
import { escape, runMarkdown } from "./run-markdown.ts";
import { runText, valueText } from "./run-text.ts";
import { plain, table } from "./style.ts";

const verdict = (outcome: Verdict["outcome"], more: Partial<Verdict> = {}): Verdict => ({
  rule: "image-tag",
  level: "mandatory",
  severity: "high",
  outcome,
  stack: "cart.local",
  urn: "urn:pulumi:cart.local::fairway::kubernetes:apps/v1:Deployment::cart-workload",
  type: "kubernetes:apps/v1:Deployment",
  name: "cart-workload",
  ...more,
});

const stack = (more: Partial<StackResult> = {}): StackResult => ({
  stack: "cart.local",
  operation: "preview",
  status: "succeeded",
  planDigest: "0".repeat(64),
  changes: [],
  verdicts: [],
  problems: [],
  outputs: {},
  duration: 420,
  ...more,
});

const run = (stacks: StackResult[], more: Partial<RunResult> = {}): RunResult => ({
  run: "r",
  operation: "preview",
  environment: "local",
  rehearsed: false,
  stacks,
  problems: [],
  duration: 1_500,
  exit: 0,
  ...more,
});

const refused = run(
  [
    stack({
      status: "refused",
      changes: [
        {
          op: "create",
          urn: "u1",
          type: "kubernetes:core/v1:Namespace",
          name: "cart",
          id: "cart",
          fields: [],
        },
        {
          op: "update",
          urn: "u2",
          type: "kubernetes:apps/v1:Deployment",
          name: "cart-workload",
          id: "cart/cart",
          fields: [
            {
              path: "spec.template.spec.containers[0].image",
              old: "a:1",
              new: "a:latest",
              secret: false,
              replaces: false,
            },
            { path: "data.password", secret: true, replaces: true },
          ],
        },
        {
          op: "same",
          urn: "u3",
          type: "kubernetes:core/v1:Service",
          name: "cart",
          id: "cart/cart",
          fields: [],
        },
      ],
      verdicts: [
        verdict("fail", {
          message: "the tag is latest; write a version or a digest",
          at: { file: "services/cart/service.yaml", line: 9, column: 10, path: "spec.image" },
        }),
        verdict("unproven", { rule: "registry", message: "the image is not known yet" }),
        verdict("pass"),
        verdict("not-applicable"),
      ],
    }),
  ],
  { exit: 4 },
);

test("a run reads as a tree with what changes, what was refused at its line, and one summary", () => {
  expect(runText(refused, { color: false, columns: Infinity, showSame: false }))
    .toMatchInlineSnapshot(`
    "✗ cart.local  refused: nothing was touched  420 ms
        + create kubernetes:core/v1:Namespace cart
        ~ update kubernetes:apps/v1:Deployment cart/cart
            spec.template.spec.containers[0].image: a:1 → a:latest
            data.password: [secret]  (cannot change in place)
        refused image-tag high Deployment cart-workload
            services/cart/service.yaml:9:10 the tag is latest; write a version or a digest
        unproven registry high Deployment cart-workload
            the image is not known yet
    preview local: 1 stack, 1 to create, 1 to update; rules: 1 passed, 1 failed, 1 unproven (1.5 s)"
  `);
});

test("an unproven verdict is never counted as passed", () => {
  const text = runText(run([stack({ verdicts: [verdict("unproven")] })]), {
    color: false,
    columns: Infinity,
    showSame: false,
  });
  expect(text).toContain("rules: 0 passed, 1 unproven");
});

test("colours appear only when asked for", () => {
  expect(runText(refused, { color: true, columns: Infinity, showSame: true })).toContain(
    "\u001b[31m",
  );
  expect(plain(runText(refused, { color: true, columns: Infinity, showSame: true }))).toBe(
    runText(refused, { color: false, columns: Infinity, showSame: true }),
  );
});

test("the comment of a pull request puts refusals before everything else", () => {
  const markdown = runMarkdown(refused);
  expect(markdown).toContain("⛔ refused.");
  expect(markdown.indexOf("### Refused")).toBeLessThan(
    markdown.indexOf("### Not refused, but read these"),
  );
  expect(markdown).toContain("services/cart/service.yaml:9:10");
  expect(markdown).not.toContain("data.password: undefined");
});

test("a comment too long for GitHub is cut at sections, says so, and keeps refusals", () => {
  const many = Array.from({ length: 400 }, (_, i) =>
    stack({
      stack: `s${i}.local`,
      changes: [
        {
          op: "create",
          urn: `u${i}`,
          type: "kubernetes:core/v1:ConfigMap",
          name: "x".repeat(200),
          fields: [],
        },
      ],
    }),
  );
  const markdown = runMarkdown({ ...refused, stacks: [...refused.stacks, ...many] });
  expect(markdown.length).toBeLessThan(65_536);
  expect(markdown).toMatch(/_\d+ sections left out/);
  expect(markdown).toContain("### Refused");
});

test("text of others cannot write markup, mentions, table cells or terminal codes", () => {
  expect(escape("a|b <script> @all [x](y) #1\nnext")).toBe(
    "a\\|b \\<script\\> @\u200ball \\[x\\](y) \\#1 next",
  );
  expect(plain("\u001b[31mred\u001b[0m\u0007")).toBe("red");
  expect(valueText("a\nb")).toBe("a⏎b");
  expect(valueText({ a: 1 })).toBe('{"a":1}');
  expect(valueText(undefined)).toBe("(none)");
});

test("tables align whatever the colours", () => {
  expect(
    table([
      ["a", "bb"],
      ["\u001b[31mccc\u001b[39m", "d"],
    ]),
  ).toBe("a    bb\n\u001b[31mccc\u001b[39m  d");
});
