// A state of the page looked at in light and dark, wide and at 320 px.
import assert from 'node:assert/strict';
import axe from 'axe-core';

const schemes = ['light', 'dark'];
const narrow = { width: 320, height: 700 };
export const wide = { width: 1280, height: 900 };

/** No finding of axe, and nothing wider than the screen. Leaves the page wide. */
export async function checkEverywhere(page, state) {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const viewport of [wide, narrow]) {
      await page.setViewportSize(viewport);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() =>
        globalThis.axe.run(document, { resultTypes: ['violations'] }),
      );
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
      assert.deepEqual(found, [], `${state}, ${colorScheme}, ${viewport.width} px`);
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      assert.ok(over <= 0, `${state} is ${over} px wider than ${viewport.width} px`);
    }
  }
  await page.setViewportSize(wide);
}
