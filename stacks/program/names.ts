/** Component of an item that registers again what is recorded (recorded.ts). */
export const RECORDED = "recorded";
