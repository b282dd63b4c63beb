/** What every bucket of ours is given. */

/** Objects belong to the bucket's owner; there are no lists of rights. */
export const OWNED = { rule: { objectOwnership: "BucketOwnerEnforced" } } as const;

/** Nothing in it can be made public. */
export const PRIVATE = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
} as const;
