// Pods that may read the objects of one bucket.
import { WorkloadIdentity } from "../identity.ts";

export const identity = new WorkloadIdentity("orders", {
  role: "fairway-orders-prod",
  cluster: "company-prod",
  namespace: "orders",
  serviceAccount: "orders",
  permissionsBoundary: "arn:aws:iam::333333333333:policy/fairway-boundary",
  statements: [
    {
      sid: "invoicesObjects",
      actions: ["s3:GetObject"],
      resources: ["arn:aws:s3:::orders-invoices-prod-333333333333/*"],
    },
  ],
});
