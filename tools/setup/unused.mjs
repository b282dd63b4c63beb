// Stands for packages that the worker and the carrier are built without (build.mjs): importing it does nothing.
// oxlint-disable-next-line unicorn/require-module-specifiers -- says that it is an ES module
export const unused = true;
