// Stands for packages that the worker and the carrier are built without (build.mjs): importing it does nothing.
export {};
