import type { Change } from "../kubernetes/diff.ts";
import { textAt, type JsonObject } from "../kubernetes/json.ts";

/** Types that must be gone before another can stand in their place, whatever their name. Source: the provider's bridge. */
export const DELETED_FIRST: ReadonlySet<string> = new Set(
  [
    "ec2/securityGroupRule:SecurityGroupRule",
    "iam/accountAlias:AccountAlias",
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    "iam/userPolicyAttachment:UserPolicyAttachment",
    "iam/groupPolicyAttachment:GroupPolicyAttachment",
    "ecr/lifecyclePolicy:LifecyclePolicy",
    "efs/mountTarget:MountTarget",
  ].map((type) => `aws:${type}`),
);

/** A change that replaces only in one direction or for one kind of resource. */
interface Condition {
  property: string;
  when: (old: JsonObject, now: JsonObject) => boolean;
}

const isDowngrade =
  (property: string) =>
  (old: JsonObject, now: JsonObject): boolean =>
    compareVersions(textAt(now, property), textAt(old, property)) < 0;

const becomes =
  (property: string, value: unknown) =>
  (old: JsonObject, now: JsonObject): boolean =>
    now[property] === value && old[property] !== value;

const isNetwork = (_: JsonObject, now: JsonObject): boolean =>
  now["loadBalancerType"] === "network";

/** What the schema's `customizeDiff` hides and the documentation states. Other conditions exist: see docs/REHEARSAL.md. */
const CONDITIONS: Readonly<Record<string, readonly Condition[]>> = {
  "aws:eks/cluster:Cluster": [{ property: "version", when: isDowngrade("version") }],
  "aws:msk/cluster:Cluster": [{ property: "kafkaVersion", when: isDowngrade("kafkaVersion") }],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    { property: "engineVersion", when: isDowngrade("engineVersion") },
    { property: "engine", when: becomes("engine", "redis") },
  ],
  "aws:lb/loadBalancer:LoadBalancer": [{ property: "securityGroups", when: isNetwork }],
};

/** The changes that replace a resource under a condition. */
export function replacesOnCondition(
  type: string,
  old: JsonObject,
  now: JsonObject,
  changes: readonly Change[],
): Change[] {
  const conditions = CONDITIONS[type] ?? [];
  return changes.filter(({ path }) =>
    conditions.some(({ property, when }) => property === path[0] && when(old, now)),
  );
}

/** Below zero where `a` is the lower version; zero where either is none. */
function compareVersions(a: string, b: string): number {
  if (!/^\d/.test(a) || !/^\d/.test(b)) return 0;
  const [left, right] = [a, b].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let i = 0; i < Math.min(left?.length ?? 0, right?.length ?? 0); i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
