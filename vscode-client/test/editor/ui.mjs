export const UI = {};
