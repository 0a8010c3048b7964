import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../src/backoff";
import { compareReleases, journey } from "../../src/releases";

test("the wait doubles with each death, and then there are no more starts", () => {
  const backoff = new Backoff({ deaths: 4, windowMs: 1000, firstMs: 10, longestMs: 25 });
  assert.deepEqual(
    [0, 1, 2, 3].map((now) => backoff.died(now)),
    [10, 20, 25, undefined],
  );
});

test("old deaths are forgotten, and all when the user restarts", () => {
  const backoff = new Backoff({ deaths: 2, windowMs: 1000, firstMs: 10, longestMs: 25 });
  assert.equal(backoff.died(0), 10);
  assert.equal(backoff.died(1001), 10);
  assert.equal(backoff.died(1500), undefined);
  backoff.forget();
  assert.equal(backoff.died(1600), 10);
});

test("releases are compared as numbers", () => {
  assert.ok(compareReleases("1.11", "1.8") > 0);
  assert.ok(compareReleases("4.2", "5.0") < 0);
  assert.equal(compareReleases("5.2", "5.2.0"), 0);
});

test("a journey goes forward only", () => {
  assert.equal(journey("4.2", "5.2"), "Django 4.2 → 5.2");
  assert.equal(journey("5.2", "5.2"), "Django 5.2");
  assert.equal(journey("6.1", "5.2"), "Django 5.2");
  assert.equal(journey(undefined, "5.2"), "Django 5.2");
});
