// The key of a payment provider, kept in Secrets Manager by `fairway secret set`.
import { HeldSecret } from "../secret-aws.ts";

export const stripe = new HeldSecret("orders-stripe", { name: "fairway/prod/orders/stripe" });
