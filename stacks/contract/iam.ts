import type { Origin } from "./origin.ts";
import type { Text } from "./value.ts";

/** One statement of a service's policy in the cloud: what its pods may do, and why. */
export interface IamStatement {
  /** Unique in the policy: letters and digits. */
  readonly sid: string;
  /** Actions such as `s3:GetObject`: never with `*` alone. */
  readonly actions: readonly string[];
  /** ARNs. A text that is only known while the program runs refers to another item. */
  readonly resources: readonly Text[];
  /** Operator → key → values, as IAM writes it. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly Text[]>>>>;
  /** One sentence for people: what the service needs it for. */
  readonly reason: string;
  /** Why a resource holds `*`; a statement whose resources hold one and that has no reason is a defect. */
  readonly wildcard?: string;
}

/** A statement with the line of the descriptor that led to it. */
export interface ExplainedStatement {
  readonly statement: IamStatement;
  readonly origin: Origin;
}
