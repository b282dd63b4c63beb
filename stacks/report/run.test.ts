import { expect, test } from "vitest";
import type { Verdict } from "../contract/finding.ts";
import type { RunResult, StackResult } from "../contract/result.ts";
import { runMarkdown, text } from "./run-markdown.ts";
import { runText, valueText } from "./run-text.ts";
import { cut, plain, table } from "./style.ts";

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
  notes: [],
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
      problems: [
        {
          code: "FW4001",
          source: "user",
          message:
            "image-tag: Deployment cart-workload: the tag is latest; write a version or a digest",
          file: "services/cart/service.yaml",
          line: 9,
          column: 10,
          hint: "Write a version.",
          docs: "docs/errors/FW4001.md",
        },
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
    preview local: 1 stack (1 refused), 1 to create, 1 to update; rules: 1 passed, 1 failed, 1 unproven (1.5 s)"
  `);
});

test("a verdict names its object as its change does", () => {
  const created = { op: "create", id: "cart/cart", name: "cart-workload", fields: [] } as const;
  const { urn, type } = verdict("fail");
  const told = stack({ changes: [{ ...created, urn, type }], verdicts: [verdict("fail")] });
  const text = runText(run([told]), { color: false, columns: Infinity, showSame: false });
  expect(text).toContain("+ create kubernetes:apps/v1:Deployment cart/cart\n");
  expect(text).toContain("refused image-tag high Deployment cart/cart\n");
});

test("an unproven verdict is never counted as passed", () => {
  const text = runText(run([stack({ verdicts: [verdict("unproven")] })]), {
    color: false,
    columns: Infinity,
    showSame: false,
  });
  expect(text).toContain("rules: 0 passed, 1 unproven");
});

const CONFIG_MAP = { urn: "u", type: "kubernetes:core/v1:ConfigMap", fields: [] };

test("drift is told in words of drift, and no rules are told where none was asked", () => {
  const drift = { operation: "refresh" as const };
  const drifted = stack({
    ...drift,
    changes: [
      { ...CONFIG_MAP, op: "update", name: "a", id: "cart/a" },
      { ...CONFIG_MAP, op: "delete", name: "b", id: "cart/b" },
      { ...CONFIG_MAP, op: "same", name: "c", id: "cart/c" },
    ],
  });
  const clean = stack({ ...drift, stack: "shop.local" });
  const options = { color: false, columns: Infinity, showSame: false };
  const found = run([drifted, clean], { ...drift, exit: 5 });
  expect(runText(found, options)).toMatchInlineSnapshot(`
    "✓ cart.local  1 drifted, 1 gone  420 ms
        ~ drifted kubernetes:core/v1:ConfigMap cart/a
        - gone kubernetes:core/v1:ConfigMap cart/b
    ✓ shop.local  no drift  420 ms
    drift local: 2 stacks, 1 drifted, 1 gone (1.5 s)"
  `);
  expect(runText(run([clean], drift), options)).toMatch(
    /\ndrift local: 1 stack, no drift \(1.5 s\)$/,
  );
  expect(runMarkdown(found)).toContain("2 stacks, 1 drifted, 1 gone (1.5 s)");
  const destroyed = run([stack({ operation: "destroy" })], { operation: "destroy" });
  expect(runText(destroyed, options)).not.toContain("rules");
});

test("quiet leaves the summary, and that a run was rehearsed", () => {
  const options = { color: false, columns: Infinity, showSame: false, quiet: true };
  expect(runText(refused, options)).toBe(
    "preview local: 1 stack (1 refused), 1 to create, 1 to update; rules: 1 passed, 1 failed, 1 unproven (1.5 s)",
  );
  expect(runText({ ...refused, rehearsed: true }, options)).toMatch(
    /^rehearsed: .*\n\npreview local: .*$/,
  );
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
  expect(text("a|b <script> @all [x](y) #1 &commat;all\nnext")).toBe(
    "a\\|b \\<script\\> @\u200ball \\[x\\](y) #\u200b1 &amp;commat;all next",
  );
  expect(plain("\u001b[31mred\u001b[0m\u0007")).toBe("red");
  expect(valueText("a\nb")).toBe("a⏎b");
  expect(valueText({ a: 1 })).toBe('{"a":1}');
  expect(valueText(undefined)).toBe("(none)");
});

test("a refused update counts nothing of what it did not touch, and a failed object is no change", () => {
  const stacks = [
    ...refused.stacks.map((each) => ({ ...each, operation: "up" as const })),
    stack({
      stack: "shop.local",
      operation: "up",
      status: "failed",
      changes: [
        { op: "create", urn: "u", type: "t", name: "a", fields: [] },
        { op: "create", urn: "v", type: "t", name: "b", fields: [], error: "no <room> for @b" },
      ],
    }),
  ];
  const result = run(stacks, { operation: "up", exit: 4 });
  const options = { color: false, columns: Infinity, showSame: false };
  expect(runText(result, options)).toMatch(
    /\nup local: 2 stacks \(1 refused, 1 failed\), 1 created; /,
  );
  const markdown = runMarkdown(result);
  expect(markdown).toContain("2 stacks (1 refused, 1 failed), 1 created; rules: ");
  expect(markdown).toContain("no \\<room\\> for @\u200bb");
});

test("what is refused stays in the comment whatever a server says", () => {
  const problems = Array.from({ length: 500 }, (_, i) => ({
    code: "FW5010" as const,
    source: "user" as const,
    message: `${i} `.repeat(1_000),
  }));
  const markdown = runMarkdown({ ...refused, problems });
  expect(markdown.length).toBeLessThan(65_536);
  expect(markdown).toContain("_and 450 more_");
  expect(markdown).toContain("### Refused");
});

test("long lines are cut to the terminal, what was refused and why is not", () => {
  const options = { color: true, columns: 40, showSame: true };
  const lines = plain(runText(refused, options).replaceAll("\n", "\n\n")).split("\n\n");
  const long = lines.filter((line) => line.length > 40 && /^ {4,}/.test(line));
  expect(long.filter((line) => !/refused|unproven|the tag is latest/.test(line))).toEqual([]);
  expect(cut("\u001b[31mred\u001b[39m rest", 5)).toBe("\u001b[31mred\u001b[39m …");
});

test("tables align whatever the colours", () => {
  expect(
    table([
      ["a", "bb"],
      ["\u001b[31mccc\u001b[39m", "d"],
    ]),
  ).toBe("a    bb\n\u001b[31mccc\u001b[39m  d");
});

test("a comment says what the change costs before and after, and what has no price", () => {
  const cost = {
    environment: "prod",
    base: "main",
    before: 100,
    after: 80.5,
    difference: -19.5,
    missing: ["mq.x"],
    changes: [
      { stack: "shop.prod", before: 100, after: 70.5, difference: -29.5, missing: [] },
      { stack: "news.prod", after: 10, difference: 10, missing: ["mq.x"] },
    ],
  };
  const markdown = runMarkdown(run([], { cost }));
  expect(markdown).toContain("### Cost: $100.00 → $80.50 a month (-$19.50)");
  expect(markdown).toContain("| `shop.prod` | $100.00 | $70.50 | -$29.50 |");
  expect(markdown).toContain("| `news.prod` | – | $10.00 | +$10.00 |");
  expect(markdown).toContain("Without a price, and in no sum: `mq.x`");
});
