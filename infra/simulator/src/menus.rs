//! Rich menus: the objects, their images and aliases, and who sees which.

use std::collections::{BTreeMap, HashMap};

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::{ids, people::Index};

/// One rich menu.
#[derive(Clone, Debug)]
pub(crate) struct Menu {
    /// The object as it was created, without its id.
    pub(crate) object: Value,
    /// Content type and bytes, once uploaded.
    pub(crate) image: Option<(String, Bytes)>,
}

impl Menu {
    /// The object as LINE gives it back.
    pub(crate) fn with_id(&self, id: &str) -> Value {
        let mut object = self.object.clone();
        object["richMenuId"] = json!(id);
        object
    }
}

/// All rich menus of the account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Menus {
    pub(crate) by_id: BTreeMap<String, Menu>,
    pub(crate) aliases: BTreeMap<String, String>,
    pub(crate) default: Option<String>,
    /// Menus that the account linked to a resident.
    pub(crate) links: HashMap<Index, String>,
    /// Menus that a resident switched to by a tap; a new link ends that.
    pub(crate) switched: HashMap<Index, String>,
}

impl Menus {
    pub(crate) fn create(&mut self, object: Value) -> String {
        let id = format!("richmenu-{}", ids::hex32());
        self.by_id.insert(id.clone(), Menu { object, image: None });
        id
    }

    /// Deletes a menu and every use of it, except aliases, which then lead nowhere.
    pub(crate) fn delete(&mut self, id: &str) -> bool {
        self.links.retain(|_, linked| linked != id);
        self.switched.retain(|_, linked| linked != id);
        if self.default.as_deref() == Some(id) {
            self.default = None;
        }
        self.by_id.remove(id).is_some()
    }

    pub(crate) fn link(&mut self, index: Index, id: String) {
        self.switched.remove(&index);
        self.links.insert(index, id);
    }

    pub(crate) fn unlink(&mut self, index: Index) {
        self.switched.remove(&index);
        self.links.remove(&index);
    }

    /// The menu this resident sees: the one switched to, the linked one, or everybody's.
    pub(crate) fn seen_by(&self, index: Index) -> Option<(&String, &Menu)> {
        let id = self.switched.get(&index).or_else(|| self.links.get(&index)).or(self.default.as_ref())?;
        self.by_id.get_key_value(id)
    }
}
