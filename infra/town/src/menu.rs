//! Puts a town's rich menu into LINE: what is there already stays, what is new is made, what is ours and old goes last.
//!
//! A rich menu in LINE cannot be changed. So its name carries a hash of all that it is: a menu of the same name is the same
//! menu. A tab's alias is pointed at its menu only when the picture is up, so an alias that points at the wanted menu says
//! that the menu is complete; one that a crash left half-made is not pointed at, and is made again.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use app::town::Files;
use app::town::data::{MenuAction, MenuArea, MenuTab};
use app::town::picture::{self, PictureFormat};
use async_trait::async_trait;
use bytes::Bytes;
use line::client::error::LineError;
use line::client::id::{AliasId, InvalidLineId, RichMenuId};
use line::client::{Alias, Area, Bounds, ImageType, LineClient, RichMenu, Size, StoredRichMenu};
use serde_json::{Value, json};
use uuid::Uuid;

/// Begins the names of menus that this program made; it removes no others.
const MARK: &str = "kairan ";
/// The space of the hashes.
const HASHES: Uuid = Uuid::from_u128(0x6b61_6972_616e_4000_8000_7269_6368_6d6e);

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Published {
    /// Menus made.
    pub(crate) created: usize,
    /// Menus that were there.
    pub(crate) kept: usize,
    /// Menus removed.
    pub(crate) removed: usize,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishError {
    /// LINE refused or could not be reached.
    #[error("could not read the rich menus of LINE, or change them")]
    Line(#[from] LineError),
    /// The alias is none for LINE.
    #[error("a tab's alias is not one for LINE")]
    Alias(#[from] InvalidLineId),
    /// The picture is not there, or is no picture; the reader has said so.
    #[error("the picture {0} is missing, or neither PNG nor JPEG")]
    Picture(String),
}

/// The calls to LINE that this takes.
#[async_trait]
pub(crate) trait RichMenus: Sync {
    async fn menus(&self) -> Result<Vec<StoredRichMenu>, LineError>;
    async fn create(&self, menu: &RichMenu) -> Result<RichMenuId, LineError>;
    async fn upload(&self, id: &RichMenuId, image: Bytes, image_type: ImageType) -> Result<(), LineError>;
    async fn delete(&self, id: &RichMenuId) -> Result<(), LineError>;
    async fn aliases(&self) -> Result<Vec<Alias>, LineError>;
    async fn create_alias(&self, alias: &Alias) -> Result<(), LineError>;
    async fn update_alias(&self, alias: &Alias) -> Result<(), LineError>;
    async fn delete_alias(&self, id: &AliasId) -> Result<(), LineError>;
    async fn default_menu(&self) -> Result<Option<RichMenuId>, LineError>;
    async fn set_default(&self, id: &RichMenuId) -> Result<(), LineError>;
}

#[async_trait]
impl RichMenus for LineClient {
    async fn menus(&self) -> Result<Vec<StoredRichMenu>, LineError> {
        self.rich_menus().await
    }

    async fn create(&self, menu: &RichMenu) -> Result<RichMenuId, LineError> {
        self.create_rich_menu(menu).await
    }

    async fn upload(&self, id: &RichMenuId, image: Bytes, image_type: ImageType) -> Result<(), LineError> {
        self.upload_rich_menu_image(id, image, image_type).await
    }

    async fn delete(&self, id: &RichMenuId) -> Result<(), LineError> {
        self.delete_rich_menu(id).await
    }

    async fn aliases(&self) -> Result<Vec<Alias>, LineError> {
        LineClient::aliases(self).await
    }

    async fn create_alias(&self, alias: &Alias) -> Result<(), LineError> {
        LineClient::create_alias(self, alias).await
    }

    async fn update_alias(&self, alias: &Alias) -> Result<(), LineError> {
        LineClient::update_alias(self, alias).await
    }

    async fn delete_alias(&self, id: &AliasId) -> Result<(), LineError> {
        LineClient::delete_alias(self, id).await
    }

    async fn default_menu(&self) -> Result<Option<RichMenuId>, LineError> {
        self.default_rich_menu().await
    }

    async fn set_default(&self, id: &RichMenuId) -> Result<(), LineError> {
        self.set_default_rich_menu(id).await
    }
}

/// Makes LINE show these tabs to everybody, the first one first.
pub(crate) async fn publish(line: &dyn RichMenus, tabs: &[MenuTab], files: &Files) -> Result<Published, PublishError> {
    let wanted: Vec<Wanted> = tabs.iter().map(|tab| Wanted::new(tab, files)).collect::<Result<_, _>>()?;
    let stored = line.menus().await?;
    let aliases = aliases(line).await?;

    let mut published = Published::default();
    let mut current = Vec::new();
    for wanted in wanted {
        let id = if let Some(there) = wanted.complete(&stored, &aliases) {
            published.kept += 1;
            there.rich_menu_id.clone()
        } else {
            let id = line.create(&wanted.menu).await?;
            line.upload(&id, wanted.image, wanted.image_type).await?;
            published.created += 1;
            id
        };
        current.push(Alias { rich_menu_alias_id: wanted.alias, rich_menu_id: id });
    }
    // All pictures are up: now the tabs change, as near to at once as LINE allows.
    for alias in &current {
        match aliases.get(&alias.rich_menu_alias_id) {
            Some(id) if *id == alias.rich_menu_id => {}
            Some(_) => line.update_alias(alias).await?,
            None => line.create_alias(alias).await?,
        }
    }
    if let Some(first) = current.first()
        && line.default_menu().await?.as_ref() != Some(&first.rich_menu_id)
    {
        line.set_default(&first.rich_menu_id).await?;
    }
    published.removed = remove_old(line, &stored, &aliases, &current).await?;
    Ok(published)
}

/// How LINE's menus differ from a town's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Difference {
    /// The names of the tabs that are not there, or not as they are to be.
    pub(crate) missing: Vec<String>,
    /// Whether everybody sees another menu first than the town's first tab, or none.
    pub(crate) opens_another: bool,
}

/// What [`publish`] would change of these tabs; nothing is changed.
pub(crate) async fn compare(line: &dyn RichMenus, tabs: &[MenuTab], files: &Files) -> Result<Difference, PublishError> {
    let (stored, aliases) = (line.menus().await?, aliases(line).await?);
    let mut missing = Vec::new();
    let mut there = Vec::new();
    for tab in tabs {
        match Wanted::new(tab, files)?.complete(&stored, &aliases) {
            Some(complete) => there.push(&complete.rich_menu_id),
            None => missing.push(tab.name.clone()),
        }
    }
    // What makes the tabs that are missing also says which one opens first.
    let first = there.first().filter(|_| missing.is_empty());
    let opens_another = match first {
        Some(&first) => line.default_menu().await?.as_ref() != Some(first),
        None => false,
    };
    Ok(Difference { missing, opens_another })
}

/// For which menu each tab's name stands.
async fn aliases(line: &dyn RichMenus) -> Result<BTreeMap<AliasId, RichMenuId>, LineError> {
    let aliases = line.aliases().await?.into_iter();
    Ok(aliases.map(|alias| (alias.rich_menu_alias_id, alias.rich_menu_id)).collect())
}

/// Removes menus that this program made and that are no longer wanted, and the aliases that point at them.
async fn remove_old(
    line: &dyn RichMenus,
    stored: &[StoredRichMenu],
    aliases: &BTreeMap<AliasId, RichMenuId>,
    current: &[Alias],
) -> Result<usize, PublishError> {
    let is_current = |id: &RichMenuId| current.iter().any(|alias| alias.rich_menu_id == *id);
    let old = stored.iter().filter(|stored| stored.menu.name.starts_with(MARK) && !is_current(&stored.rich_menu_id));
    let mut removed = 0;
    for old in old {
        for (alias, _) in aliases.iter().filter(|(_, id)| **id == old.rich_menu_id) {
            if current.iter().all(|current| current.rich_menu_alias_id != *alias) {
                line.delete_alias(alias).await?;
            }
        }
        line.delete(&old.rich_menu_id).await?;
        removed += 1;
    }
    Ok(removed)
}

/// A menu as LINE is to have it.
struct Wanted {
    alias: AliasId,
    menu: RichMenu,
    image: Bytes,
    image_type: ImageType,
}

impl Wanted {
    fn new(tab: &MenuTab, files: &Files) -> Result<Self, PublishError> {
        let missing = || PublishError::Picture(tab.image.clone());
        let image = files.bytes(&tab.image).ok_or_else(missing)?;
        let image_type = match picture::look(image).ok_or_else(missing)?.format {
            PictureFormat::Png => ImageType::Png,
            PictureFormat::Jpeg => ImageType::Jpeg,
        };
        let mut menu = RichMenu {
            size: Size { width: tab.width.into(), height: tab.height.into() },
            selected: true,
            name: format!("{MARK}{} {}", tab.alias, tab.name),
            chat_bar_text: tab.chat_bar_text.clone(),
            areas: tab.areas.iter().map(area).collect(),
        };
        let mut all = json!(menu).to_string().into_bytes();
        all.extend_from_slice(image);
        menu.name = format!("{} {}", menu.name, Uuid::new_v5(&HASHES, &all).simple());
        Ok(Self { alias: tab.alias.parse()?, menu, image: Bytes::copy_from_slice(image), image_type })
    }

    /// The menu that LINE has, if it is this one and its picture is up.
    fn complete<'a>(
        &self,
        stored: &'a [StoredRichMenu],
        aliases: &BTreeMap<AliasId, RichMenuId>,
    ) -> Option<&'a StoredRichMenu> {
        let there = stored.iter().find(|stored| stored.menu.name == self.menu.name)?;
        (aliases.get(&self.alias) == Some(&there.rich_menu_id)).then_some(there)
    }
}

fn area(area: &MenuArea) -> Area {
    let bounds = Bounds { x: area.x.into(), y: area.y.into(), width: area.width.into(), height: area.height.into() };
    Area { bounds, action: action(area) }
}

fn action(area: &MenuArea) -> Value {
    let label = &area.label;
    match &area.action {
        MenuAction::Command(command) => {
            json!({"type": "postback", "label": label, "data": command.command().data(), "displayText": label})
        }
        MenuAction::Say(text) => json!({"type": "message", "label": label, "text": text}),
        MenuAction::Open(uri) => json!({"type": "uri", "label": label, "uri": uri}),
        MenuAction::Tab(alias) => {
            json!({"type": "richmenuswitch", "label": label, "richMenuAliasId": alias, "data": format!("tab:{alias}")})
        }
    }
}
