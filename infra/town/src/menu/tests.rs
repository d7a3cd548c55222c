//! Puts menus into a LINE in memory.

use std::sync::Mutex;

use app::town::data::CommandText;

use super::*;

#[derive(Default)]
pub(crate) struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    menus: Vec<(RichMenuId, RichMenu, bool)>,
    aliases: BTreeMap<AliasId, RichMenuId>,
    default: Option<RichMenuId>,
    made: usize,
    writes: usize,
    dies_at_upload: bool,
}

impl Memory {
    #[expect(clippy::unnecessary_wraps, reason = "every call to LINE can fail")]
    fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T, LineError> {
        let mut state = self.0.lock().unwrap();
        state.writes += 1;
        Ok(change(&mut state))
    }

    /// How many writes something took.
    fn writes(&self) -> usize {
        std::mem::take(&mut self.0.lock().unwrap().writes)
    }

    /// What a resident sees: the name of the first tab, and of each tab by alias; every picture must be up.
    fn seen(&self) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let name = |id: &RichMenuId| {
            let (_, menu, complete) = state.menus.iter().find(|(known, ..)| known == id).expect("a menu that is there");
            assert!(complete, "a menu without a picture");
            menu.name.rsplit_once(' ').unwrap().0.to_owned()
        };
        state.default.iter().chain(state.aliases.values()).map(name).collect()
    }
}

#[async_trait]
impl RichMenus for Memory {
    async fn menus(&self) -> Result<Vec<StoredRichMenu>, LineError> {
        let state = self.0.lock().unwrap();
        let stored = |(id, menu, _): &(RichMenuId, RichMenu, bool)| StoredRichMenu {
            rich_menu_id: id.clone(),
            menu: menu.clone(),
        };
        Ok(state.menus.iter().map(stored).collect())
    }

    async fn create(&self, menu: &RichMenu) -> Result<RichMenuId, LineError> {
        self.write(|state| {
            state.made += 1;
            let id: RichMenuId = format!("richmenu-{}", state.made).parse().unwrap();
            state.menus.push((id.clone(), menu.clone(), false));
            id
        })
    }

    async fn upload(&self, id: &RichMenuId, _: Bytes, _: ImageType) -> Result<(), LineError> {
        if self.0.lock().unwrap().dies_at_upload {
            return Err(LineError::Unfit("died"));
        }
        self.write(|state| state.menus.iter_mut().find(|(known, ..)| known == id).unwrap().2 = true)
    }

    async fn delete(&self, id: &RichMenuId) -> Result<(), LineError> {
        self.write(|state| state.menus.retain(|(known, ..)| known != id))
    }

    async fn aliases(&self) -> Result<Vec<Alias>, LineError> {
        let state = self.0.lock().unwrap();
        let alias = |(alias, id): (&AliasId, &RichMenuId)| Alias {
            rich_menu_alias_id: alias.clone(),
            rich_menu_id: id.clone(),
        };
        Ok(state.aliases.iter().map(alias).collect())
    }

    async fn create_alias(&self, alias: &Alias) -> Result<(), LineError> {
        self.write(|state| {
            let old = state.aliases.insert(alias.rich_menu_alias_id.clone(), alias.rich_menu_id.clone());
            assert!(old.is_none(), "LINE refuses an alias that is there");
        })
    }

    async fn update_alias(&self, alias: &Alias) -> Result<(), LineError> {
        self.write(|state| {
            *state.aliases.get_mut(&alias.rich_menu_alias_id).expect("LINE refuses an alias that is not there") =
                alias.rich_menu_id.clone();
        })
    }

    async fn delete_alias(&self, id: &AliasId) -> Result<(), LineError> {
        self.write(|state| {
            state.aliases.remove(id);
        })
    }

    async fn default_menu(&self) -> Result<Option<RichMenuId>, LineError> {
        Ok(self.0.lock().unwrap().default.clone())
    }

    async fn set_default(&self, id: &RichMenuId) -> Result<(), LineError> {
        self.write(|state| state.default = Some(id.clone()))
    }
}

pub(crate) fn tab(alias: &str, chat_bar_text: &str) -> MenuTab {
    let area = |action| MenuArea { x: 0, y: 0, width: 10, height: 10, label: "押す".to_owned(), action };
    MenuTab {
        alias: alias.to_owned(),
        name: "上".to_owned(),
        chat_bar_text: chat_bar_text.to_owned(),
        width: 2500,
        height: 843,
        image: "top.png".to_owned(),
        areas: vec![
            area(MenuAction::Tab("top".to_owned())),
            area(MenuAction::Command(CommandText::try_from("garbage".to_owned()).unwrap())),
        ],
    }
}

pub(crate) fn files() -> Files {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x09\xc4\0\0\x03\x4b";
    Files([("top.png".to_owned(), png.to_vec())].into())
}

fn counts(created: usize, kept: usize, removed: usize) -> Published {
    Published { created, kept, removed }
}

#[tokio::test]
async fn the_second_time_nothing_is_written() {
    let line = Memory::default();
    let tabs = [tab("top", "メニュー"), tab("more", "メニュー")];
    assert_eq!(publish(&line, &tabs, &files()).await.unwrap(), counts(2, 0, 0));
    assert_eq!(line.seen(), ["kairan top 上", "kairan more 上", "kairan top 上"]);
    assert_eq!(line.writes(), 7, "two menus, two pictures, two aliases, the default");
    assert_eq!(publish(&line, &tabs, &files()).await.unwrap(), counts(0, 2, 0));
    assert_eq!(line.writes(), 0);
}

#[tokio::test]
async fn only_the_tab_that_changed_is_made_anew_and_the_old_one_goes() {
    let line = Memory::default();
    publish(&line, &[tab("top", "メニュー"), tab("more", "メニュー")], &files()).await.unwrap();
    let changed = [tab("top", "開く"), tab("more", "メニュー")];
    assert_eq!(publish(&line, &changed, &files()).await.unwrap(), counts(1, 1, 1));
    line.seen();
    let mut picture = files();
    picture.0.get_mut("top.png").unwrap().push(0);
    assert_eq!(publish(&line, &changed, &picture).await.unwrap(), counts(2, 0, 2), "another picture");
    assert_eq!(publish(&line, &[tab("more", "メニュー")], &picture).await.unwrap(), counts(0, 1, 1));
    assert_eq!(line.seen(), ["kairan more 上", "kairan more 上"], "the alias of the tab that is gone went too");
}

#[tokio::test]
async fn a_half_made_menu_is_made_again_and_removed() {
    let line = Memory::default();
    let tabs = [tab("top", "メニュー")];
    line.0.lock().unwrap().dies_at_upload = true;
    assert!(publish(&line, &tabs, &files()).await.is_err());
    line.0.lock().unwrap().dies_at_upload = false;
    assert_eq!(publish(&line, &tabs, &files()).await.unwrap(), counts(1, 0, 1));
    assert_eq!(line.seen().len(), 2);
}

#[tokio::test]
async fn what_others_made_is_left_alone() {
    let line = Memory::default();
    let theirs = RichMenu {
        name: "職員が作ったメニュー".to_owned(),
        ..Wanted::new(&tab("top", "a"), &files()).unwrap().menu
    };
    line.create(&theirs).await.unwrap();
    assert_eq!(publish(&line, &[tab("top", "メニュー")], &files()).await.unwrap(), counts(1, 0, 0));
    assert_eq!(line.menus().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_missing_is_found_and_nothing_written() {
    let line = Memory::default();
    let tabs = [tab("top", "メニュー"), tab("more", "メニュー")];
    let difference = |missing: &[&str], opens_another| Difference {
        missing: missing.iter().map(|&name| name.to_owned()).collect(),
        opens_another,
    };
    assert_eq!(compare(&line, &tabs, &files()).await.unwrap(), difference(&["上", "上"], false));
    publish(&line, &tabs, &files()).await.unwrap();
    line.writes();
    assert_eq!(compare(&line, &tabs, &files()).await.unwrap(), difference(&[], false));
    let changed = [tab("top", "開く"), tab("more", "メニュー")];
    assert_eq!(compare(&line, &changed, &files()).await.unwrap(), difference(&["上"], false));
    line.0.lock().unwrap().default = None;
    assert_eq!(compare(&line, &tabs, &files()).await.unwrap(), difference(&[], true));
    let second = line.aliases().await.unwrap().first().map(|more| more.rich_menu_id.clone());
    line.0.lock().unwrap().default = second;
    assert_eq!(compare(&line, &tabs, &files()).await.unwrap(), difference(&[], true), "the second tab opens");
    assert_eq!(line.writes(), 0);
}

#[test]
fn actions_are_in_the_words_of_line() {
    let tab = tab("top", "メニュー");
    assert_eq!(
        tab.areas.iter().map(action).collect::<Vec<_>>(),
        [
            json!({"type": "richmenuswitch", "label": "押す", "richMenuAliasId": "top", "data": "tab:top"}),
            json!({"type": "postback", "label": "押す", "data": "garbage", "displayText": "押す"}),
        ]
    );
}
