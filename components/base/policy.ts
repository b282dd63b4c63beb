import { type Input, type Output, jsonStringify, output } from "@pulumi/pulumi";
import type { IamStatement } from "../../stacks/contract/iam.ts";

/** A statement whose texts are resolved: what `fromPlan` makes of one. Its reason stays behind. */
export interface ResolvedStatement extends Pick<IamStatement, "sid" | "actions"> {
  readonly resources: readonly Input<string>[];
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, readonly Input<string>[]>>>
  >;
}

/** What the statements allow, as IAM reads it: the policy of a role or user. */
export const allowing = (statements: readonly ResolvedStatement[]): Output<string> =>
  document(
    statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    })),
  );

/** A policy of statements as IAM writes them. */
export const document = (statements: readonly object[]): Output<string> =>
  jsonStringify(output({ Version: "2012-10-17", Statement: statements }));

/** Of a resource's own policy: nobody reaches it without TLS. */
export const tlsOnly = (action: string, resources: readonly string[]): object => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Of a role: a service of AWS takes it. */
export const assumedBy = (
  service: string,
  actions: readonly string[] = ["sts:AssumeRole"],
): Output<string> =>
  document([
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: actions,
    },
  ]);

/** Of a role: EKS gives it to pods, and says in tags of the session to which. */
export const podsMayAssume = (): Output<string> =>
  assumedBy("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);
