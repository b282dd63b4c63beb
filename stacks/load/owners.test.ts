import { describe, expect, it } from "vitest";
import { parseOwners } from "./owners.ts";

const FILE = "services/user-service/service.yaml";

describe("parseOwners", () => {
  it.each([
    ["*", true],
    ["*.yaml", true],
    ["*.yml", false],
    ["service.yaml", true],
    ["services/", true],
    ["/services/", true],
    ["services", true],
    ["/user-service/", false],
    ["user-service/", true],
    ["user-service", true],
    ["/services/user-service", true],
    ["/services/user-*/", true],
    ["/services/*", false],
    ["/services/*/service.yaml", true],
    ["/services/**", true],
    ["**/service.yaml", true],
    ["/services/**/service.yaml", true],
    ["/services/user-servic?/", true],
    ["services/user", false],
    ["/services/user.service/", false],
  ])("the pattern %s: %s", (pattern, matches) => {
    expect(parseOwners(`${pattern} @team`)(FILE)).toBe(matches ? "@team" : undefined);
  });

  it("lets the last match win, takes the first owner, and ignores comments", () => {
    const owners = parseOwners(
      "# all\n* @platform # everybody\n\n/services/user-service/ @users @others\n/services/shop/ @shop\n",
    );
    expect(owners(FILE)).toBe("@users");
    expect(owners("services/x/service.yaml")).toBe("@platform");
  });

  it("leaves a path unowned whose last match names nobody", () => {
    expect(parseOwners("* @platform\n/services/user-service/\n")(FILE)).toBeUndefined();
  });

  it("reads escaped spaces", () => {
    expect(parseOwners("/a\\ b/ @x")("a b/c")).toBe("@x");
  });
});
