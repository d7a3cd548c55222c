//! The saved file: residents, chats, rich menus, contents, accepted retry keys and used quota, so that a city goes on after a
//! restart as if nothing had happened.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::Path,
};

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Shared,
    chat::Chat,
    contents::Content,
    ids::UserId,
    login::Key,
    menus::Menu,
    people::{Index, Status},
    tokens::Accepted,
    usage::Usage,
    world::World,
};

/// The file. Ids and states are one long text each: two million single entries would take minutes.
#[derive(Serialize, Deserialize)]
struct Saved {
    version: u32,
    /// 16 bytes each, base64.
    ids: String,
    /// One letter each: `f`ollowing, `b`locked, `s`tranger.
    statuses: String,
    names: HashMap<Index, String>,
    chats: HashMap<Index, Chat>,
    menus: BTreeMap<String, SavedMenu>,
    aliases: BTreeMap<String, String>,
    default_menu: Option<String>,
    links: HashMap<Index, String>,
    contents: Vec<SavedContent>,
    /// The oldest first.
    #[serde(default)]
    retry_keys: Vec<SavedRetryKey>,
    #[serde(default)]
    usage: Usage,
    /// The key of ID tokens, base64: who has read it may go on trusting it.
    #[serde(default)]
    login_key: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SavedMenu {
    object: Value,
    image: Option<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct SavedContent {
    message: u64,
    owner: Index,
    kind: String,
    content_type: String,
    data: String,
    unsent: bool,
}

#[derive(Serialize, Deserialize)]
struct SavedRetryKey {
    key: Uuid,
    accepted: Accepted,
}

const VERSION: u32 = 1;

/// Writes the state to a new file beside the old one, then puts it in its place.
pub(crate) async fn store(platform: &Shared, path: &Path) -> io::Result<()> {
    let saved = snapshot(&platform.world());
    let (path, beside) = (path.to_owned(), path.with_extension("new"));
    let written = tokio::task::spawn_blocking(move || {
        let bytes = serde_json::to_vec(&saved).map_err(io::Error::other)?;
        std::fs::write(&beside, bytes)?;
        std::fs::rename(&beside, &path)
    });
    written.await.map_err(io::Error::other)?
}

fn snapshot(world: &World) -> Saved {
    let people = world.people.all();
    let ids: Vec<u8> = people.iter().flat_map(|resident| resident.id.0).collect();
    Saved {
        version: VERSION,
        ids: STANDARD.encode(ids),
        statuses: people.iter().map(|resident| letter(resident.status)).collect(),
        names: world.people.names().clone(),
        chats: world.chats.all().clone(),
        menus: world.menus.by_id.iter().map(|(id, menu)| (id.clone(), saved_menu(menu))).collect(),
        aliases: world.menus.aliases.clone(),
        default_menu: world.menus.default.clone(),
        links: world.menus.links.clone(),
        contents: world.contents.all().map(saved_content).collect(),
        retry_keys: world.retry_keys.all().map(saved_retry_key).collect(),
        usage: world.usage.clone(),
        login_key: world.config.login_key.as_ref().map(|key| STANDARD.encode(key.saved())),
    }
}

fn letter(status: Status) -> char {
    match status {
        Status::Following => 'f',
        Status::Blocked => 'b',
        Status::Stranger => 's',
    }
}

fn saved_menu(menu: &Menu) -> SavedMenu {
    let image = menu.image.as_ref().map(|(content_type, bytes)| (content_type.clone(), STANDARD.encode(bytes)));
    SavedMenu { object: menu.object.clone(), image }
}

fn saved_content((message, content): (u64, &Content)) -> SavedContent {
    SavedContent {
        message,
        owner: content.owner,
        kind: content.kind.to_owned(),
        content_type: content.media_type.clone(),
        data: STANDARD.encode(&content.bytes),
        unsent: content.unsent,
    }
}

fn saved_retry_key((key, accepted): (u128, &Accepted)) -> SavedRetryKey {
    SavedRetryKey { key: Uuid::from_u128(key), accepted: accepted.clone() }
}

/// Reads the file into an empty world; no file is no residents yet.
pub(crate) fn load(world: &mut World, path: &Path) -> io::Result<()> {
    let bytes = match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()));
    let saved: Saved = serde_json::from_slice(&bytes).map_err(|error| damaged(&error.to_string()))?;
    if saved.version != VERSION {
        return Err(damaged("written by another version of the simulator"));
    }
    restore(world, saved).ok_or_else(|| damaged("not a state of the simulator"))
}

fn restore(world: &mut World, saved: Saved) -> Option<()> {
    let ids = STANDARD.decode(&saved.ids).ok()?;
    for (id, status) in ids.chunks_exact(16).zip(saved.statuses.chars()) {
        let status = match status {
            'f' => Status::Following,
            'b' => Status::Blocked,
            _ => Status::Stranger,
        };
        world.people.add(UserId(id.try_into().ok()?), status)?;
    }
    for (index, name) in saved.names {
        world.people.rename(index, name);
    }
    for (index, chat) in saved.chats {
        world.chats.restore(index, chat);
    }
    for (id, menu) in saved.menus {
        let image = match menu.image {
            Some((content_type, data)) => Some((content_type, Bytes::from(STANDARD.decode(data).ok()?))),
            None => None,
        };
        world.menus.by_id.insert(id, Menu { object: menu.object, image });
    }
    world.menus.aliases = saved.aliases;
    world.menus.default = saved.default_menu;
    world.menus.links = saved.links;
    for content in saved.contents {
        let kind = ["image", "video", "audio", "file"].into_iter().find(|kind| *kind == content.kind)?;
        let bytes = Bytes::from(STANDARD.decode(content.data).ok()?);
        let restored = Content {
            owner: content.owner,
            kind,
            media_type: content.content_type,
            bytes,
            ready_ms: 0,
            unsent: content.unsent,
        };
        world.contents.add(content.message, restored);
    }
    for SavedRetryKey { key, accepted } in saved.retry_keys {
        world.retry_keys.remember(key.as_u128(), accepted, world.limits.retry_key_ms);
    }
    world.usage = saved.usage;
    if let Some(key) = saved.login_key {
        world.config.login_key = Some(Key::read(&STANDARD.decode(key).ok()?)?);
    }
    Some(())
}
