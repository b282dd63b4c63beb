// The key of a payment provider, kept in the cluster by `fairway secret set`.
import { BroughtSecret } from "../secret-cluster.ts";

export const stripe = new BroughtSecret("orders-stripe", {
  stored: "fairway-secrets/orders.stripe.local",
  key: "value",
});
