//! Rich menus: the buttons below the chat. A menu and its image never change; aliases and links say who sees which.

use bytes::Bytes;
use domain::ids::ResidentId;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};

use super::LineClient;
use super::error::LineError;
use super::http::Call;
use super::id::{AliasId, RichMenuId};
use crate::config::Host;
use crate::limits::{BULK_LINK_MAX, RICH_MENU_IMAGE_BYTES_MAX};

/// A rich menu. Its actions are raw JSON: LINE checks them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RichMenu {
    /// The size of its image.
    pub size: Size,
    /// Whether it is open when a resident comes into the chat.
    pub selected: bool,
    /// Its name, for staff; at most 300 graphemes.
    pub name: String,
    /// What the bar below the chat says; at most 14 graphemes.
    pub chat_bar_text: String,
    /// Where it can be tapped; at most 20 areas.
    pub areas: Vec<Area>,
}

/// A size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// 800 to 2500.
    pub width: u32,
    /// At least 250.
    pub height: u32,
}

/// A place that can be tapped, and what that does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Where.
    pub bounds: Bounds,
    /// An action object of LINE's.
    pub action: serde_json::Value,
}

/// A rectangle in pixels of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// A rich menu that LINE keeps.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredRichMenu {
    /// Its id.
    pub rich_menu_id: RichMenuId,
    /// The menu.
    #[serde(flatten)]
    pub menu: RichMenu,
}

/// The type of a rich menu's image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageType {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
}

/// A name of ours for a rich menu, by which menus switch to one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alias {
    /// The name.
    pub rich_menu_alias_id: AliasId,
    /// The menu that it stands for now.
    pub rich_menu_id: RichMenuId,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdBody {
    rich_menu_id: RichMenuId,
}

#[derive(Deserialize)]
struct ListAnswer {
    richmenus: Vec<StoredRichMenu>,
}

#[derive(Deserialize)]
struct AliasListAnswer {
    aliases: Vec<Alias>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BulkBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rich_menu_id: Option<&'a RichMenuId>,
    user_ids: &'a [ResidentId],
}

impl LineClient {
    /// Makes a rich menu, still without image. LINE allows 100 an hour.
    pub async fn create_rich_menu(&self, menu: &RichMenu) -> Result<RichMenuId, LineError> {
        let call = Call::post("create a rich menu", &["v2", "bot", "richmenu"]).json(menu)?;
        Ok(self.call(&call).await?.json::<IdBody>().await?.rich_menu_id)
    }

    /// The rich menus that were made through the API.
    pub async fn rich_menus(&self) -> Result<Vec<StoredRichMenu>, LineError> {
        let call = Call::get("list rich menus", &["v2", "bot", "richmenu", "list"]);
        Ok(self.call(&call).await?.json::<ListAnswer>().await?.richmenus)
    }

    /// Deletes a rich menu; nothing happens if it is not there. LINE allows 100 an hour.
    pub async fn delete_rich_menu(&self, id: &RichMenuId) -> Result<(), LineError> {
        let path = ["v2", "bot", "richmenu", id.as_str()];
        let answer = self.call(&Call::delete("delete a rich menu", &path)).await?;
        if answer.status == StatusCode::NOT_FOUND { Ok(()) } else { answer.done().await }
    }

    /// Gives a rich menu its image, once; it cannot be replaced.
    pub async fn upload_rich_menu_image(
        &self,
        id: &RichMenuId,
        image: Bytes,
        image_type: ImageType,
    ) -> Result<(), LineError> {
        if image.len() > RICH_MENU_IMAGE_BYTES_MAX {
            return Err(LineError::Unfit("a rich menu's image has at most 1 MB"));
        }
        let content_type = match image_type {
            ImageType::Jpeg => "image/jpeg",
            ImageType::Png => "image/png",
        };
        let path = ["v2", "bot", "richmenu", id.as_str(), "content"];
        let call = Call::new("upload a rich menu's image", Method::POST, Host::Data, &path).bytes(content_type, image);
        self.call(&call).await?.done().await
    }

    /// Names a rich menu.
    pub async fn create_alias(&self, alias: &Alias) -> Result<(), LineError> {
        let call = Call::post("create a rich menu alias", &["v2", "bot", "richmenu", "alias"]).json(alias)?;
        self.call(&call).await?.done().await
    }

    /// Lets a name stand for another rich menu. Phones may notice it with delay.
    pub async fn update_alias(&self, alias: &Alias) -> Result<(), LineError> {
        let path = ["v2", "bot", "richmenu", "alias", alias.rich_menu_alias_id.as_str()];
        let body = IdBody { rich_menu_id: alias.rich_menu_id.clone() };
        let call = Call::post("update a rich menu alias", &path).json(&body)?;
        self.call(&call).await?.done().await
    }

    /// Deletes a name; nothing happens if it is not there. LINE allows 100 an hour.
    pub async fn delete_alias(&self, id: &AliasId) -> Result<(), LineError> {
        let path = ["v2", "bot", "richmenu", "alias", id.as_str()];
        let answer = self.call(&Call::delete("delete a rich menu alias", &path)).await?;
        if answer.status == StatusCode::NOT_FOUND { Ok(()) } else { answer.done().await }
    }

    /// All names.
    pub async fn aliases(&self) -> Result<Vec<Alias>, LineError> {
        let call = Call::get("list rich menu aliases", &["v2", "bot", "richmenu", "alias", "list"]);
        Ok(self.call(&call).await?.json::<AliasListAnswer>().await?.aliases)
    }

    /// Shows a rich menu to everybody who has none of their own.
    pub async fn set_default_rich_menu(&self, id: &RichMenuId) -> Result<(), LineError> {
        let path = ["v2", "bot", "user", "all", "richmenu", id.as_str()];
        self.call(&Call::post("set the default rich menu", &path)).await?.done().await
    }

    /// The rich menu of everybody who has none of their own, if it was set through the API.
    pub async fn default_rich_menu(&self) -> Result<Option<RichMenuId>, LineError> {
        let path = ["v2", "bot", "user", "all", "richmenu"];
        let answer = self.call(&Call::get("read the default rich menu", &path)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        Ok(Some(answer.json::<IdBody>().await?.rich_menu_id))
    }

    /// Takes back [`Self::set_default_rich_menu`].
    pub async fn cancel_default_rich_menu(&self) -> Result<(), LineError> {
        let path = ["v2", "bot", "user", "all", "richmenu"];
        self.call(&Call::delete("cancel the default rich menu", &path)).await?.done().await
    }

    /// Shows a rich menu to one resident.
    pub async fn link_rich_menu(&self, resident: &ResidentId, id: &RichMenuId) -> Result<(), LineError> {
        let path = ["v2", "bot", "user", resident.as_str(), "richmenu", id.as_str()];
        self.call(&Call::post("link a rich menu", &path)).await?.done().await
    }

    /// Lets one resident see the default again.
    pub async fn unlink_rich_menu(&self, resident: &ResidentId) -> Result<(), LineError> {
        let path = ["v2", "bot", "user", resident.as_str(), "richmenu"];
        self.call(&Call::delete("unlink a rich menu", &path)).await?.done().await
    }

    /// Shows a rich menu to up to 500 residents. LINE does it within seconds, and does not tell for whom it failed.
    pub async fn link_rich_menus(&self, residents: &[ResidentId], id: &RichMenuId) -> Result<(), LineError> {
        let path = ["v2", "bot", "richmenu", "bulk", "link"];
        self.bulk(Call::post("link rich menus", &path), residents, Some(id)).await
    }

    /// Lets up to 500 residents see the default again, likewise.
    pub async fn unlink_rich_menus(&self, residents: &[ResidentId]) -> Result<(), LineError> {
        let path = ["v2", "bot", "richmenu", "bulk", "unlink"];
        self.bulk(Call::post("unlink rich menus", &path), residents, None).await
    }

    async fn bulk(&self, call: Call<'_>, residents: &[ResidentId], id: Option<&RichMenuId>) -> Result<(), LineError> {
        if !(1..=BULK_LINK_MAX).contains(&residents.len()) {
            return Err(LineError::Unfit("rich menus are linked for 1 to 500 residents at once"));
        }
        let call = call.json(&BulkBody { rich_menu_id: id, user_ids: residents })?;
        self.call(&call).await?.done().await
    }
}
