/** Rich menus: made, given a picture and an alias, shown to everybody or to some, and taken away. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOf, city, png, refused } from "./city.mjs";

const town = city();
const [WIDTH, HEIGHT] = [1200, 405];

/** A menu with one area for each action that is new in rich menus. */
function menu(name = "menu") {
  const actions = [
    { type: "postback", data: "ask", displayText: "ごみ", inputOption: "openKeyboard", fillInText: "ごみ " },
    { type: "richmenuswitch", richMenuAliasId: "other", data: "switched" },
    { type: "uri", uri: "https://example.com/" },
  ];
  const width = WIDTH / actions.length;
  const areas = actions.map((action, index) => ({ bounds: { x: width * index, y: 0, width, height: HEIGHT }, action }));
  return { size: { width: WIDTH, height: HEIGHT }, selected: true, name, chatBarText: "メニュー", areas };
}

/** A menu that can be shown. */
async function make(name) {
  const { richMenuId } = await town.api.createRichMenu(menu(name));
  await town.api.setRichMenuImage(richMenuId, new Blob([png(WIDTH, HEIGHT)], { type: "image/png" }));
  return richMenuId;
}

/** The menu on a resident's phone. */
async function seen(user) {
  const { richMenu } = await town.simulator.call("GET", `/residents/${user}/menu`);
  return richMenu?.richMenuId;
}

test("a menu is made, read and deleted", async () => {
  await town.api.validateRichMenuObject(menu());
  const { richMenuId } = await town.api.createRichMenu(menu("read me"));
  assert.deepEqual(await town.api.getRichMenu(richMenuId), { ...menu("read me"), richMenuId });
  const { richmenus } = await town.api.getRichMenuList();
  assert.ok(richmenus.some((one) => one.richMenuId === richMenuId));
  await town.api.deleteRichMenu(richMenuId);
  await refused(404, () => town.api.getRichMenu(richMenuId));
});

test("a menu that is too high is refused", async () => {
  const bad = { ...menu(), size: { width: 800, height: 800 } };
  assert.ok((await refused(400, () => town.api.validateRichMenuObject(bad))).details.length > 0);
  await refused(400, () => town.api.createRichMenu(bad));
});

test("the picture comes back as it was", async () => {
  assert.deepEqual(await bytesOf(await town.api.getRichMenuImage(await make())), png(WIDTH, HEIGHT));
});

test("everybody's menu", async () => {
  const [user, richMenuId] = [await town.resident(), await make()];
  await town.api.setDefaultRichMenu(richMenuId);
  assert.equal((await town.api.getDefaultRichMenuId()).richMenuId, richMenuId);
  assert.equal(await seen(user), richMenuId);
  await town.api.cancelDefaultRichMenu();
  await refused(404, () => town.api.getDefaultRichMenuId());
  assert.equal(await seen(user), undefined);
});

test("a menu without a picture is not shown", async () => {
  const { richMenuId } = await town.api.createRichMenu(menu());
  await refused(400, () => town.api.setDefaultRichMenu(richMenuId));
});

test("one resident's menu", async () => {
  const [user, richMenuId] = [await town.resident(), await make()];
  await town.api.linkRichMenuIdToUser(user, richMenuId);
  assert.equal((await town.api.getRichMenuIdOfUser(user)).richMenuId, richMenuId);
  assert.equal(await seen(user), richMenuId);
  await town.api.unlinkRichMenuIdFromUser(user);
  await refused(404, () => town.api.getRichMenuIdOfUser(user));
});

test("many residents' menu", async () => {
  const [userIds, richMenuId] = [await town.residents(3), await make()];
  await town.api.linkRichMenuIdToUsers({ richMenuId, userIds });
  assert.deepEqual(await Promise.all(userIds.map(seen)), [richMenuId, richMenuId, richMenuId]);
  await town.api.unlinkRichMenuIdFromUsers({ userIds: userIds.slice(0, 2) });
  assert.deepEqual(await Promise.all(userIds.map(seen)), [undefined, undefined, richMenuId]);
});

test("an alias names a menu and switches to it", async () => {
  const [first, second] = [await make("first"), await make("second")];
  await town.api.createRichMenuAlias({ richMenuAliasId: "tab", richMenuId: first });
  assert.equal((await town.api.getRichMenuAlias("tab")).richMenuId, first);
  await town.api.updateRichMenuAlias("tab", { richMenuId: second });
  assert.deepEqual((await town.api.getRichMenuAliasList()).aliases, [{ richMenuAliasId: "tab", richMenuId: second }]);
  const user = await town.resident();
  await town.simulator.call("POST", `/residents/${user}/menu`, { richMenuAliasId: "tab", data: "tapped" });
  assert.equal(await seen(user), second);
  await town.api.deleteRichMenuAlias("tab");
  await refused(404, () => town.api.getRichMenuAlias("tab"));
});
