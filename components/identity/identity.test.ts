import { expect, test } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";

test("a role is bounded, may be taken by EKS's pods alone, and may do what its statements say", async () => {
  const views = await recordProgram("example.prod", () => import("./examples/identity.ts"));
  expect(views).toMatchSnapshot();
  const props = (type: string) => views.find((view) => view.type === type)?.props;
  const role = props("aws:iam/role:Role");
  expect(role?.["permissionsBoundary"]).toBe("arn:aws:iam::333333333333:policy/fairway-boundary");
  expect(JSON.parse(String(role?.["assumeRolePolicy"])).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    },
  ]);
  expect(JSON.parse(String(props("aws:iam/rolePolicy:RolePolicy")?.["policy"])).Statement).toEqual([
    {
      Sid: "invoicesObjects",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::orders-invoices-prod-333333333333/*"],
    },
  ]);
});
