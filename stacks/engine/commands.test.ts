import { expect, test } from "vitest";
import { unreadable } from "./commands.ts";

test("state without credentials is told in one line, with what to do and without a library's remarks", () => {
  const stderr = `SDK 2026/11/21 13:11:20 WARN falling back to IMDSv1
error: read ".pulumi/meta.yaml": failed to refresh cached credentials
`;
  expect(unreadable("the state of platform.prod", stderr)).toMatchObject({
    code: "FW5011",
    message:
      'the state of platform.prod cannot be read: read ".pulumi/meta.yaml": failed to refresh cached credentials',
    hint: expect.stringContaining("log in to the account"),
  });
  expect(unreadable("the state of a.b", "error: disk full\n").hint).toBeUndefined();
});
