"""Rich menus: made, given a picture and an alias, shown to everybody or to some, and taken away."""

import unittest

from linebot.v3 import messaging as line

from city import SdkTest, png

WIDTH, HEIGHT = 1200, 405


def menu(name="menu"):
    """A menu with one area for each action that is new in rich menus."""
    actions = [
        line.PostbackAction(data="ask", display_text="ごみ", input_option="openKeyboard", fill_in_text="ごみ "),
        line.RichMenuSwitchAction(rich_menu_alias_id="other", data="switched"),
        line.URIAction(uri="https://example.com/"),
    ]
    side = WIDTH // len(actions)
    areas = [
        line.RichMenuArea(bounds=line.RichMenuBounds(x=side * number, y=0, width=side, height=HEIGHT), action=action)
        for number, action in enumerate(actions)
    ]
    size = line.RichMenuSize(width=WIDTH, height=HEIGHT)
    return line.RichMenuRequest(size=size, selected=True, name=name, chat_bar_text="メニュー", areas=areas)


class RichMenus(SdkTest):
    def make(self, name="menu"):
        """A menu that can be shown."""
        made = self.api.create_rich_menu(menu(name)).rich_menu_id
        self.blob.set_rich_menu_image(made, png(WIDTH, HEIGHT), _headers={"Content-Type": "image/png"})
        return made

    def seen(self, user):
        """The menu on a resident's phone."""
        shown = self.simulator.call("GET", f"/residents/{user}/menu")["richMenu"]
        return shown and shown["richMenuId"]

    def test_a_menu_is_made_read_and_deleted(self):
        self.api.validate_rich_menu_object(menu())
        made = self.api.create_rich_menu(menu("read me")).rich_menu_id
        read = self.api.get_rich_menu(made)
        self.assertEqual(read.to_dict(), {**menu("read me").to_dict(), "richMenuId": made})
        self.assertIn(made, [one.rich_menu_id for one in self.api.get_rich_menu_list().richmenus])
        self.api.delete_rich_menu(made)
        self.refused(404, lambda: self.api.get_rich_menu(made))

    def test_a_menu_that_is_too_high_is_refused(self):
        bad = menu()
        bad.size = line.RichMenuSize(width=800, height=800)
        self.assertTrue(self.refused(400, lambda: self.api.validate_rich_menu_object(bad))["details"])
        self.refused(400, lambda: self.api.create_rich_menu(bad))

    def test_the_picture_comes_back_as_it_was(self):
        made = self.make()
        self.assertEqual(bytes(self.blob.get_rich_menu_image(made)), png(WIDTH, HEIGHT))

    def test_everybodys_menu(self):
        user, made = self.resident(), self.make()
        self.api.set_default_rich_menu(made)
        self.assertEqual(self.api.get_default_rich_menu_id().rich_menu_id, made)
        self.assertEqual(self.seen(user), made)
        self.api.cancel_default_rich_menu()
        self.refused(404, self.api.get_default_rich_menu_id)
        self.assertIsNone(self.seen(user))

    def test_a_menu_without_a_picture_is_not_shown(self):
        made = self.api.create_rich_menu(menu()).rich_menu_id
        self.refused(400, lambda: self.api.set_default_rich_menu(made))

    def test_one_residents_menu(self):
        user, made = self.resident(), self.make()
        self.api.link_rich_menu_id_to_user(user, made)
        self.assertEqual(self.api.get_rich_menu_id_of_user(user).rich_menu_id, made)
        self.assertEqual(self.seen(user), made)
        self.api.unlink_rich_menu_id_from_user(user)
        self.refused(404, lambda: self.api.get_rich_menu_id_of_user(user))

    def test_many_residents_menu(self):
        users, made = self.residents(3), self.make()
        self.api.link_rich_menu_id_to_users(line.RichMenuBulkLinkRequest(rich_menu_id=made, user_ids=users))
        self.assertEqual([self.seen(user) for user in users], [made] * 3)
        self.api.unlink_rich_menu_id_from_users(line.RichMenuBulkUnlinkRequest(user_ids=users[:2]))
        self.assertEqual([self.seen(user) for user in users], [None, None, made])

    def test_an_alias_names_a_menu_and_switches_to_it(self):
        first, second = self.make("first"), self.make("second")
        self.api.create_rich_menu_alias(line.CreateRichMenuAliasRequest(rich_menu_alias_id="tab", rich_menu_id=first))
        self.assertEqual(self.api.get_rich_menu_alias("tab").rich_menu_id, first)
        self.api.update_rich_menu_alias("tab", line.UpdateRichMenuAliasRequest(rich_menu_id=second))
        aliases = self.api.get_rich_menu_alias_list().aliases
        self.assertEqual([(one.rich_menu_alias_id, one.rich_menu_id) for one in aliases], [("tab", second)])
        user = self.resident()
        self.simulator.call("POST", f"/residents/{user}/menu", {"richMenuAliasId": "tab", "data": "tapped"})
        self.assertEqual(self.seen(user), second)
        self.api.delete_rich_menu_alias("tab")
        self.refused(404, lambda: self.api.get_rich_menu_alias("tab"))


if __name__ == "__main__":
    unittest.main()
