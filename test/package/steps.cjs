// What the programs here train on, and what must come of it.
const assert = require('node:assert/strict');

exports.images = () => ({
  shape: [64, 28, 28, 1],
  data: Uint8Array.from({ length: 64 * 28 * 28 }, () => 256 * Math.random()),
});

exports.stepFigures = (history) => {
  assert.equal(history.steps, 20);
  const { dLoss, dAccuracy, gLoss } = history.at(-1);
  for (const figure of [dLoss, dAccuracy, gLoss]) assert.ok(Number.isFinite(figure), String(figure));
};
