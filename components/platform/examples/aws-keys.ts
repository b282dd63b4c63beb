// Keys of two classes of data.
import { AwsKeys } from "../aws-keys.ts";

export const keys = new AwsKeys("shared", {
  account: "333333333333",
  keys: [
    { dataClass: "internal", alias: "alias/fairway-prod-internal" },
    { dataClass: "restricted", alias: "alias/fairway-prod-restricted" },
  ],
});
