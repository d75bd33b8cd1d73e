import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { expectAccessible, launchChromium, phone, visit } from './chromium.ts';
import { ensureConsoleBuilt } from './console-build.ts';
import { addDevice, addSite, openHouse, org, signIn } from './house.ts';

const longName = 'Gate at the far end of the northern car park, behind the second barrier';

describe('fields that find', () => {
  let browser: Browser;
  let house: TestApp;
  let storageState: Awaited<ReturnType<BrowserContext['storageState']>>;

  beforeAll(async () => {
    await ensureConsoleBuilt();
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    await addSite(house, 'dartmouth', 'Dartmouth');
    for (const n of [1, 2, 3, 4, 5, 6]) await addDevice(house, 'dartmouth', `bay-${n}`, `Bay ${n}`);
    await addDevice(house, 'dartmouth', 'till', 'Till');
    await addDevice(house, 'dartmouth', 'gate', longName);
    const { page, context } = await visit(browser, { baseURL: house.url });
    await signIn(page);
    storageState = await context.storageState();
    await context.close();
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const enter = (options: Partial<Parameters<typeof visit>[1]> = {}) =>
    visit(browser, { baseURL: house.url, storageState, ...options });

  test('open by a press or an arrow, close before the dialog does, and take beyond its edge', async () => {
    const { page, context, complaints } = await enter();
    const { dialog, field } = await editTill(page);
    await field.focus();
    expect(await listed(page)).toBe(false);
    await field.press('ArrowDown');
    await dialog.getByRole('option', { name: /^Bay 1/ }).waitFor();
    expect(await chosenOption(page)).toMatch(/^Bay 1/);
    await field.press('Escape');
    expect(await listed(page)).toBe(false);
    await dialog.waitFor();

    await field.click();
    await expectAccessible(page, 'a field that finds in a dialog');
    const beyond = dialog.getByRole('option', { name: /^Bay 5/ });
    const [edge, place] = await Promise.all([dialog.boundingBox(), beyond.boundingBox()]);
    expect(place?.y).toBeGreaterThan((edge?.y ?? 0) + (edge?.height ?? 0));
    await beyond.click();
    await dialog.getByRole('button', { name: 'Remove Bay 5' }).waitFor();

    // After a press the list is out of the way of the next button.
    expect(await listed(page)).toBe(false);
    // However quick the keys are, Enter takes nothing that does not fit the text.
    await field.pressSequentially('bay 6');
    await field.press('Enter');
    await dialog.getByRole('button', { name: 'Remove Bay 6' }).waitFor();
    await field.press('Escape');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'bay-6' }).waitFor();

    // Beside the dialog a press closes it.
    await page.getByRole('button', { name: 'Edit or move' }).click();
    await dialog.waitFor();
    await page.mouse.click(10, 10);
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Edit or move' }).click();
    await dialog.waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('keep the highlight on its option while the list is refreshed', async () => {
    const { page, context, complaints } = await enter();
    const { dialog, field } = await editTill(page);
    await field.pressSequentially('bay');
    await dialog.getByRole('option', { name: /^Bay 4/ }).waitFor();
    await field.press('ArrowDown');
    const before = await chosenOption(page);
    await addDevice(house, 'dartmouth', 'bay-0', 'Bay 0');
    await dialog.getByRole('option', { name: /^Bay 0/ }).waitFor();
    expect(await chosenOption(page)).toBe(before);
    await field.press('Enter');
    await dialog.getByRole('button', { name: `Remove ${before.replace(/ dartmouth$/, '')}` }).waitFor();
    // A new text asks anew, and what came stands in its place.
    await field.pressSequentially('bay');
    await expect
      .poll(async () => await dialog.getByRole('listbox').getByRole('option').first().textContent())
      .toContain('Bay 0');
    expect(complaints).toEqual([]);

    const other = await enter();
    await other.page.goto(`/o/${org}`);
    await other.page.getByRole('heading', { level: 1 }).waitFor();
    await other.page.keyboard.press('Control+k');
    await other.page.getByRole('combobox').fill('till');
    await other.page.getByRole('option', { name: /^Till Device/ }).waitFor();
    expect(await chosenOption(other.page)).toMatch(/^Till Device/);
    await other.page.getByRole('combobox').click();
    await other.page.mouse.click(10, 10);
    await other.page.getByRole('combobox').waitFor({ state: 'detached' });
    expect(other.complaints).toEqual([]);
    await other.context.close();
    await context.close();
  });

  test('on a phone: the form of a check, in the dark', async () => {
    const { page, context, complaints } = await enter({ viewport: phone, theme: 'dark' });
    await page.goto(`/o/${org}/checks/new?kind=http`);
    const device = page.getByRole('combobox', { name: 'Device' });
    await device.click();
    await page.getByRole('option', { name: longName }).waitFor();
    await expectAccessible(page, 'the devices to choose from on a phone');
    await page.getByRole('option', { name: /^Till/ }).click();
    expect(await device.inputValue()).toBe('Till (till)');
    expect(await listed(page)).toBe(false);
    // The name that stands there narrows nothing until somebody types.
    await device.click();
    await page.getByRole('option', { name: /^Bay 2/ }).waitFor();
    await device.fill('nowhere');
    await page.getByText('No name contains these words.').waitFor();
    await device.press('Tab');
    await page.getByText('Please choose one from the list.').waitFor();
    await expectAccessible(page, 'a text that is none of the devices');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('say nothing in English on a German page', async () => {
    const said: Record<string, readonly string[]> = {};
    for (const locale of ['en', 'de'] as const) {
      const context = await browser.newContext({ baseURL: house.url, storageState, locale });
      const page = await context.newPage();
      await page.goto(`/o/${org}/maintenance/new?site=dartmouth`);
      await page.getByRole('radio').nth(1).check();
      await page.locator('input[role=combobox]').pressSequentially('bay');
      await page.getByRole('option', { name: /^Bay 3/ }).waitFor();
      const form = await page.evaluate<string[]>(wordsOfPage);
      await page.keyboard.press('Control+k');
      await page.locator('dialog input[role=combobox]').fill('bay');
      await page
        .getByRole('option', { name: /^Bay 3/ })
        .last()
        .waitFor();
      said[locale] = [...form, ...(await page.evaluate<string[]>(wordsOfPage))];
      await context.close();
    }
    const english = new Set(said.en);
    expect(english.size).toBeGreaterThan(40);
    // Names of people, places and things, addresses, durations, and words that are the same in German.
    const same =
      /^(Bay \d.*|Dartmouth|Watchkeeper|Default|dana.*|System|http:.*|\d+ (h|min)|Ctrl K|[^a-z]*)$/;
    expect([...new Set(said.de)].filter((words) => english.has(words) && !same.test(words))).toEqual([]);
  });
});

/** The dialog of a device, and the field for the devices that it depends on. */
async function editTill(page: Page) {
  await page.goto(`/o/${org}/devices/till`);
  await page.getByRole('button', { name: 'Edit or move' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit Till' });
  return { dialog, field: dialog.getByRole('combobox', { name: 'Depends on' }) };
}

async function listed(page: Page): Promise<boolean> {
  return (await page.getByRole('listbox').count()) > 0;
}

/** The text of the option that Enter would take. */
async function chosenOption(page: Page): Promise<string> {
  const id = await page.locator('input[role="combobox"]:focus').getAttribute('aria-activedescendant');
  return (await page.locator(`[id="${id}"]`).textContent()) ?? '';
}

/** Everything that is shown or read out: texts, and names that only attributes have. Text, as this is no browser's file. */
const wordsOfPage = `[...document.body.querySelectorAll(':not(noscript)')].flatMap((element) => [
  ...[...element.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? [node.data.trim()] : [])),
  ...['aria-label', 'title', 'placeholder', 'alt'].flatMap((name) => element.getAttribute(name) ?? []),
]).filter((words) => words !== '')`;
